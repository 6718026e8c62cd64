package io.cistern.storage.spi;

import io.cistern.storage.VolumeExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;

/** An export that was handed out. */
final class OpenExport implements VolumeExport, OpenHandles.Handle {
  private final AbstractVolume volume;
  private final PinnedContent content;
  private volatile boolean ended;

  OpenExport(AbstractVolume volume, PinnedContent content) {
    this.volume = volume;
    this.content = content;
  }

  @Override
  public Path path() {
    return content.path();
  }

  @Override
  public long size() {
    return content.size();
  }

  @Override
  public void close() {
    try {
      end();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    if (ended) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return CompletableFuture.runAsync(
          () -> {
            try {
              end();
            } catch (IOException e) {
              throw new CompletionException(failure(e));
            }
          },
          volume.abstractPool().context().executor());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(failure(new IOException(e)));
    }
  }

  @Override
  public synchronized void end() throws IOException {
    if (!ended) {
      try {
        content.close();
      } finally {
        // Last, so that closing the pool waits for it.
        ended = true;
        volume.abstractPool().handles().closed(this);
      }
    }
  }

  @Override
  public String toString() {
    return "export " + content.path() + " of " + volume.id();
  }

  private RuntimeException failure(IOException e) {
    return (RuntimeException)
        new Execution(toString(), volume.abstractPool(), java.util.Optional.of(volume.id()))
            .translate("close", e);
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** An import that was handed out to be written to. */
final class OpenImport implements VolumeImport, OpenHandles.Handle {
  private static final Set<Code> PASSING = Set.of(Code.VOLUME_IN_USE, Code.POOL_NOT_READY);

  private final AbstractVolume volume;
  private final Execution execution;
  private final ImportOperations imports;
  private final Path path;
  private final long size;
  private volatile boolean ended;

  OpenImport(
      AbstractVolume volume, Execution execution, ImportOperations imports, Path path, long size) {
    this.volume = volume;
    this.execution = execution;
    this.imports = imports;
    this.path = path;
    this.size = size;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public CompletableFuture<Volume> commit() {
    return execution.operation(
        "commit the import",
        StorageEvent.Type.IMPORTED,
        report -> {
          commitNow();
          report.happened(StorageEvent.Type.IMPORTED);
          return volume;
        });
  }

  @Override
  public CompletableFuture<Void> abort() {
    if (ended) {
      return CompletableFuture.completedFuture(null);
    }
    return execution.internal(
        "abort the import",
        StorageEvent.Type.IMPORT_ABORTED,
        report -> {
          if (abortNow()) {
            report.happened(StorageEvent.Type.IMPORT_ABORTED);
          }
          return CompletableFuture.completedFuture(null);
        });
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    return abort();
  }

  @Override
  public void close() {
    try {
      abort().join();
    } catch (CompletionException e) {
      StorageException failure = StorageException.in(e);
      throw failure != null ? failure : e;
    }
  }

  @Override
  public void end() throws IOException {
    abortNow();
  }

  @Override
  public String toString() {
    return "import " + path + " into " + volume.id();
  }

  private synchronized void commitNow() throws IOException {
    if (ended) {
      throw execution.refusal(
          Code.CLOSED, "commit the import", "it has ended", "Begin another with importData");
    }
    try {
      imports.commit();
    } catch (Throwable e) {
      if (!maySucceedLater(e)) {
        imports.abort(e);
        forget();
      }
      throw e;
    }
    imports.ended(true);
    forget();
  }

  /** What was imported is worth more than that the caller need not try again. */
  private boolean maySucceedLater(Throwable failure) {
    StorageException refusal =
        StorageException.in(execution.translate("commit the import", failure));
    return refusal != null && PASSING.contains(refusal.code());
  }

  private synchronized boolean abortNow() throws IOException {
    if (ended) {
      return false;
    }
    try {
      volume.doAbortImport();
    } finally {
      imports.ended(false);
      forget();
    }
    return true;
  }

  /** Comes last, so that closing the pool waits for what ends the import. */
  private void forget() {
    ended = true;
    volume.abstractPool().handles().closed(this);
  }
}

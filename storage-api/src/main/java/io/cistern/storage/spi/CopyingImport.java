package io.cistern.storage.spi;

import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.Transfer;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.channels.Channel;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An import that copies by itself: begin in a turn, copy outside of the queue, then commit or abort
 * in a second turn. Cancelling the future takes that second turn at once, so that what is called
 * after the cancellation waits for the copy to wind down instead of being refused.
 */
final class CopyingImport {
  private static final Logger log = LoggerFactory.getLogger(CopyingImport.class);

  /** Checks before anything is done. */
  interface Check {
    void check() throws IOException;
  }

  /** Blocking work that fills the import. */
  interface Filling {
    void fill(CopyProgress progress) throws IOException;
  }

  private enum Phase {
    COPYING,
    COMMITTING,
    CANCELLED
  }

  private final AbstractVolume volume;
  private final Execution execution;
  private final ImportOperations imports;
  private final OperationGate gate;
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.COPYING);
  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> copied = new CompletableFuture<>();
  private final Promise promise = new Promise();
  private @Nullable Channel channel;

  CopyingImport(AbstractVolume volume, Execution execution, ImportOperations imports) {
    this.volume = volume;
    this.execution = execution;
    this.imports = imports;
    this.gate = volume.abstractPool().gate();
  }

  /** Imports from a channel. */
  CompletableFuture<Volume> run(
      Transfer transfer, Check check, Filling filling, Channel toCloseOnCancel) {
    this.channel = toCloseOnCancel;
    return begin(check, () -> copy(transfer, filling));
  }

  /** Imports the content that is to be pinned. */
  CompletableFuture<Volume> run(Transfer transfer, Supplier<CompletableFuture<Pin>> pinned) {
    return begin(
        () -> {},
        () -> {
          var unused = pinned.get().whenComplete((pin, failure) -> copy(transfer, pin, failure));
        });
  }

  private void copy(Transfer transfer, @Nullable Pin pin, @Nullable Throwable failure) {
    if (pin != null) {
      copy(transfer, progress -> fillFrom(pin, progress));
    } else {
      copyEnded(failure);
    }
  }

  private void fillFrom(Pin pin, CopyProgress progress) throws IOException {
    try (pin) {
      PinnedContent content = pin.content();
      long size = volume.abstractPool().roundUp(content.size());
      volume.doImportContent(content, size, progress);
    }
  }

  private CompletableFuture<Volume> begin(Check check, Runnable copying) {
    try {
      gate.enter(execution.subject(), "import");
    } catch (StorageException e) {
      return CompletableFuture.failedFuture(e);
    }
    var unused =
        execution
            .internal(
                "import",
                StorageEvent.Type.IMPORTED,
                report -> {
                  if (phase.get() == Phase.CANCELLED) {
                    throw new CancellationException();
                  }
                  check.check();
                  imports.begin();
                  begun.set(true);
                  return CompletableFuture.completedFuture(volume);
                })
            .whenComplete(
                (value, failure) -> {
                  if (failure != null) {
                    settle(null, failure);
                  } else if (phase.get() == Phase.CANCELLED) {
                    copyEnded(new CancellationException());
                  } else {
                    begin(copying);
                  }
                });
    return promise;
  }

  private void begin(Runnable copying) {
    try {
      copying.run();
    } catch (RuntimeException e) {
      copyEnded(e);
    }
  }

  private void copy(Transfer transfer, Filling filling) {
    try {
      volume
          .abstractPool()
          .context()
          .transferExecutor()
          .execute(
              () -> {
                try {
                  filling.fill((done, total) -> advance(transfer, done, total));
                  copyEnded(null);
                } catch (Throwable e) {
                  copyEnded(e);
                }
              });
    } catch (RejectedExecutionException e) {
      copyEnded(e);
    }
  }

  private void advance(Transfer transfer, long done, long total) {
    if (phase.get() == Phase.CANCELLED) {
      throw new CancellationException();
    }
    try {
      transfer.progress().transferred(done, total);
    } catch (RuntimeException e) {
      log.warn("{}: the listener to the progress of an import failed", volume.id(), e);
    }
  }

  private void copyEnded(@Nullable Throwable failure) {
    if (failure == null) {
      copied.complete(null);
    } else {
      copied.completeExceptionally(failure);
    }
    takeLastTurn();
  }

  private void takeLastTurn() {
    if (ending.compareAndSet(false, true)) {
      var unused =
          execution
              .internal(
                  "import",
                  StorageEvent.Type.IMPORTED,
                  report ->
                      copied.handleAsync(
                          (done, failure) -> end(report, failure),
                          volume.abstractPool().context().executor()))
              .whenComplete(this::settle);
    }
  }

  private Volume end(Execution.Report report, @Nullable Throwable failure) {
    try {
      if (failure != null) {
        throw failure;
      }
      if (!phase.compareAndSet(Phase.COPYING, Phase.COMMITTING)) {
        throw new CancellationException();
      }
      imports.commit();
    } catch (Throwable e) {
      Throwable cause = phase.get() == Phase.CANCELLED ? new CancellationException() : e;
      imports.abort(cause);
      throw new CompletionException(cause);
    }
    imports.ended(true);
    report.happened(StorageEvent.Type.IMPORTED);
    return volume;
  }

  private void settle(@Nullable Volume value, @Nullable Throwable failure) {
    gate.exit();
    if (failure == null) {
      promise.complete(value);
    } else {
      promise.completeExceptionally(execution.translate("import", failure));
    }
  }

  private void closeChannel() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        log.warn("{}: the channel of a cancelled import can't be closed", volume.id(), e);
      }
    }
  }

  /** What the caller gets; once the commit has begun, it can't be cancelled any more. */
  private final class Promise extends CompletableFuture<Volume> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      if (isDone() || !phase.compareAndSet(Phase.COPYING, Phase.CANCELLED)) {
        return isCancelled();
      }
      if (begun.get()) {
        takeLastTurn();
      }
      closeChannel();
      return super.cancel(mayInterruptIfRunning);
    }
  }
}

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
import java.util.function.BooleanSupplier;
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
  private static final String IMPORT = "import";

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

  /** Whether the first turn has marked the volume; changed and asked in turns only. */
  private volatile boolean begun;

  /** Whether it is decided who ends the import: the first turn, by refusing it, or the last one. */
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Whether the last turn came to its end, and was not rejected. */
  private volatile boolean ended;

  /** Claimed by the copy that begins, or by the cancellation that comes before it. */
  private final AtomicBoolean copyClaimed = new AtomicBoolean();

  private final CompletableFuture<@Nullable Void> copied = new CompletableFuture<>();
  private final AtomicReference<@Nullable Pin> pin = new AtomicReference<>();
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
          var unused = pinned.get().whenComplete((made, failure) -> copy(transfer, made, failure));
        });
  }

  private CompletableFuture<Volume> begin(Check check, Runnable copying) {
    try {
      gate.enter(execution.subject(), IMPORT);
    } catch (StorageException e) {
      return CompletableFuture.failedFuture(e);
    }
    var unused =
        execution
            .internal(
                IMPORT,
                StorageEvent.Type.IMPORTED,
                report -> {
                  if (phase.get() == Phase.CANCELLED) {
                    throw new CancellationException();
                  }
                  check.check();
                  imports.begin();
                  begun = true;
                  return CompletableFuture.completedFuture(volume);
                })
            .whenComplete((value, failure) -> begun(copying, failure));
    return promise;
  }

  private void begun(Runnable copying, @Nullable Throwable failure) {
    if (failure != null) {
      if (ending.compareAndSet(false, true)) {
        settle(null, failure);
      }
    } else if (phase.get() != Phase.CANCELLED) {
      try {
        copying.run();
      } catch (Throwable e) {
        copyEnded(e);
      }
    }
  }

  /** The failure is about this volume, though what stood in its way is about another one. */
  private @Nullable Throwable sourceFailed(@Nullable Throwable failure) {
    StorageException cause = StorageException.in(failure);
    if (cause == null) {
      return failure;
    }
    return new StorageException(
        cause.code(),
        execution.subject(),
        IMPORT,
        "its source does not give its content: " + cause.getMessage(),
        "See to the source, then import again",
        cause);
  }

  private void copy(Transfer transfer, @Nullable Pin made, @Nullable Throwable failure) {
    if (made == null) {
      copyEnded(sourceFailed(failure));
      return;
    }
    pin.set(made);
    if (copyClaimed.get()) {
      letGo();
    } else {
      copy(transfer, progress -> fillFrom(made.content(), progress));
    }
  }

  private void fillFrom(PinnedContent content, CopyProgress progress) throws IOException {
    try {
      volume.doImportContent(content, volume.abstractPool().roundUp(content.size()), progress);
    } finally {
      letGo();
    }
  }

  private void copy(Transfer transfer, Filling filling) {
    try {
      volume.abstractPool().context().transferExecutor().execute(() -> copyNow(transfer, filling));
    } catch (RejectedExecutionException e) {
      letGo();
      copyEnded(execution.rejected(IMPORT, e));
    } catch (Throwable e) {
      letGo();
      copyEnded(e);
    }
  }

  private void copyNow(Transfer transfer, Filling filling) {
    if (!copyClaimed.compareAndSet(false, true)) {
      letGo();
      return;
    }
    try {
      filling.fill((done, total) -> advance(transfer, done, total));
      copyEnded(null);
    } catch (Throwable e) {
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
                  IMPORT,
                  StorageEvent.Type.IMPORTED,
                  report ->
                      copied.handleAsync(
                          (done, failure) -> end(report, failure),
                          volume.abstractPool().context().executor()))
              .whenComplete(this::settle);
    }
  }

  private Volume end(Execution.Report report, @Nullable Throwable failure) {
    ended = true;
    letGo();
    try {
      if (failure != null) {
        throw failure;
      }
      if (!phase.compareAndSet(Phase.COPYING, Phase.COMMITTING)) {
        throw new CancellationException();
      }
      imports.commit();
    } catch (Throwable e) {
      throw new CompletionException(aborted(report, e));
    }
    imports.ended(true);
    report.happened(StorageEvent.Type.IMPORTED);
    return volume;
  }

  private Throwable aborted(Execution.Report report, Throwable failure) {
    boolean cancelled = phase.get() == Phase.CANCELLED;
    Throwable cause = cancelled ? new CancellationException() : failure;
    if (begun) {
      imports.abort(cause);
      if (cancelled) {
        report.happened(StorageEvent.Type.IMPORT_ABORTED);
        for (Throwable suppressed : cause.getSuppressed()) {
          log.warn("{}: a cancelled import left something behind", volume.id(), suppressed);
        }
      }
    }
    return cause;
  }

  /** If the executor rejected the last turn, the copy may still run, and nobody swept. */
  private void settle(@Nullable Volume value, @Nullable Throwable failure) {
    if (begun && !ended) {
      var unused =
          copied.whenComplete(
              (done, any) -> {
                imports.ended(false);
                leave(value, failure);
              });
    } else {
      leave(value, failure);
    }
  }

  private void leave(@Nullable Volume value, @Nullable Throwable failure) {
    gate.exit();
    promise.settle(value, failure == null ? null : execution.translate(IMPORT, failure));
  }

  private void letGo() {
    Pin held = pin.getAndSet(null);
    if (held != null) {
      try {
        held.close();
      } catch (IOException | RuntimeException e) {
        log.warn("{}: the source of an import can't be let go", volume.id(), e);
      }
    }
  }

  private void closeChannel() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException | RuntimeException e) {
        log.warn("{}: the channel of a cancelled import can't be closed", volume.id(), e);
      }
    }
  }

  /**
   * What the caller gets; once the commit has begun, it can't be cancelled any more. A caller that
   * completes it otherwise, as {@link CompletableFuture#orTimeout} does, no longer wants the import
   * either.
   */
  private final class Promise extends CompletableFuture<Volume> {
    /** How the caller completes it, which the end of the import may overtake. */
    private final AtomicReference<@Nullable BooleanSupplier> wanted = new AtomicReference<>();

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      return giveUp() ? super.cancel(mayInterruptIfRunning) : isCancelled();
    }

    @Override
    public boolean complete(Volume value) {
      return completeAsWanted(() -> super.complete(value));
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
      return completeAsWanted(() -> super.completeExceptionally(failure));
    }

    /** A commit that has begun is what the future tells of, and nothing else. */
    private boolean completeAsWanted(BooleanSupplier completion) {
      wanted.compareAndSet(null, completion);
      boolean isGivenUp = giveUp();
      return phase.get() == Phase.CANCELLED && (completion.getAsBoolean() || isGivenUp);
    }

    private boolean giveUp() {
      if (isDone() || !phase.compareAndSet(Phase.COPYING, Phase.CANCELLED)) {
        return false;
      }
      takeLastTurn();
      if (copyClaimed.compareAndSet(false, true)) {
        copied.completeExceptionally(new CancellationException());
      }
      closeChannel();
      return true;
    }

    void settle(@Nullable Volume value, @Nullable Throwable failure) {
      BooleanSupplier completion = wanted.get();
      if (failure == null) {
        super.complete(value);
      } else if (completion != null && phase.get() == Phase.CANCELLED) {
        boolean unused = completion.getAsBoolean();
      } else {
        super.completeExceptionally(failure);
      }
    }
  }
}

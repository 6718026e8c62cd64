package io.cistern.storage.spi;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operations and questions of one volume, or of a pool itself: hands them to the executor,
 * one operation at a time, counts them at the gate, makes one {@link StorageException} of whatever
 * goes wrong, and tells the listener.
 */
final class Execution {
  private static final Logger log = LoggerFactory.getLogger(Execution.class);

  /** Blocking work. */
  interface Work<T> {
    @Nullable T run(Report report) throws IOException;
  }

  /** Work that may go on after the call returned. */
  interface AsyncWork<T> {
    CompletableFuture<T> run(Report report) throws IOException;
  }

  /** Where work says that something was done that the listener should hear of. */
  static final class Report {
    private StorageEvent.@Nullable Type happened;

    void happened(StorageEvent.Type type) {
      happened = type;
    }
  }

  private final String subject;
  private final AbstractPool pool;
  private final Optional<VolumeId> volume;
  private final OperationQueue queue = new OperationQueue();

  Execution(String subject, AbstractPool pool, Optional<VolumeId> volume) {
    this.subject = subject;
    this.pool = pool;
    this.volume = volume;
  }

  String subject() {
    return subject;
  }

  /** Runs blocking work in its turn. A failure is reported as one of the given type. */
  <T> CompletableFuture<T> operation(String attempted, StorageEvent.Type type, Work<T> work) {
    return admitted(
        attempted,
        () ->
            turn(
                pool.context().executor(),
                attempted,
                type,
                report -> CompletableFuture.completedFuture(work.run(report)),
                pool.gate()::exit));
  }

  /** Runs work that waits for other futures in its turn, without counting it at the gate. */
  <T> CompletableFuture<T> internal(String attempted, StorageEvent.Type type, AsyncWork<T> work) {
    return internal(pool.context().executor(), attempted, type, work);
  }

  /** The same on another executor. */
  <T> CompletableFuture<T> internal(
      Executor executor, String attempted, StorageEvent.Type type, AsyncWork<T> work) {
    return turn(executor, attempted, type, work, () -> {});
  }

  /** Runs blocking work at once, whatever operations there are. */
  <T> CompletableFuture<T> question(String attempted, Work<T> work) {
    return admitted(attempted, () -> ask(attempted, work));
  }

  /**
   * The same of an export, which may have to copy: no question waits for that (rule 704). A failure
   * is reported as one of the given type.
   */
  <T> CompletableFuture<T> export(String attempted, StorageEvent.Type type, Work<T> work) {
    return admitted(attempted, () -> ask(pool.context().executor(), attempted, type, work));
  }

  /** Runs blocking work at once, for an operation of the same pool that was let in already. */
  <T> CompletableFuture<T> questionOfOperation(String attempted, Work<T> work) {
    pool.gate().enterAgain();
    return ask(attempted, work);
  }

  private <T> CompletableFuture<T> ask(String attempted, Work<T> work) {
    return ask(pool.context().questionExecutor(), attempted, null, work);
  }

  private <T> CompletableFuture<T> ask(
      Executor executor, String attempted, StorageEvent.@Nullable Type type, Work<T> work) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    Ending<T> ending = new Ending<>(attempted, type, pool.gate()::exit, promise);
    dispatch(executor, ending, report -> CompletableFuture.completedFuture(work.run(report)));
    return promise;
  }

  /** Refuses what the pool's driver does not claim. */
  void requireClaimed(Capability capability, String attempted) {
    if (!pool.capabilities().contains(capability)) {
      throw refusal(
          Code.UNSUPPORTED,
          attempted,
          "the driver '%s' does not claim %s".formatted(pool.driver(), capability),
          "Use a driver that does; README.md has a table");
    }
  }

  StorageException refusal(Code code, String attempted, String obstacle, String remedy) {
    return new StorageException(code, subject, attempted, obstacle, remedy);
  }

  private <T> CompletableFuture<T> admitted(
      String attempted, java.util.function.Supplier<CompletableFuture<T>> run) {
    try {
      pool.gate().enter(subject, attempted);
    } catch (StorageException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return run.get();
  }

  private <T> CompletableFuture<T> turn(
      Executor executor,
      String attempted,
      StorageEvent.Type type,
      AsyncWork<T> work,
      Runnable exit) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    queue.add(
        done -> {
          Runnable release =
              () -> {
                done.run();
                exit.run();
              };
          dispatch(executor, new Ending<>(attempted, type, release, promise), work);
        });
    return promise;
  }

  private <T> void dispatch(Executor executor, Ending<T> ending, AsyncWork<T> work) {
    try {
      executor.execute(() -> run(ending, work));
    } catch (RejectedExecutionException e) {
      ending.end(null, rejected(ending.attempted, e));
    } catch (Throwable e) {
      ending.end(null, e);
    }
  }

  private static <T> void run(Ending<T> ending, AsyncWork<T> work) {
    if (ending.promise.isDone()) {
      ending.release.run();
      return;
    }
    ending.begun = System.nanoTime();
    CompletableFuture<T> result;
    try {
      result = work.run(ending.report);
    } catch (Throwable e) {
      result = CompletableFuture.failedFuture(e);
    }
    var unused = result.whenComplete(ending::end);
  }

  StorageException rejected(String attempted, RejectedExecutionException e) {
    return new StorageException(
        Code.CLOSED,
        subject,
        attempted,
        "the executor takes no more work",
        "Close the Storage before the executor that was given to it",
        e);
  }

  /** Makes of a failure what its future fails with. */
  Throwable translate(String attempted, Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof StorageException
        || cause instanceof CancellationException
        || cause instanceof Error) {
      return cause;
    }
    if (cause instanceof IOException e) {
      DriverException explained = explained(e);
      return new StorageException(
          explained.code(),
          subject,
          attempted,
          String.valueOf(explained.getMessage()),
          explained.remedy(),
          e);
    }
    return bug(attempted, cause);
  }

  private DriverException explained(IOException failure) {
    if (failure instanceof DriverException known) {
      return known;
    }
    try {
      return pool.explain(failure);
    } catch (RuntimeException | Error e) {
      failure.addSuppressed(e);
      return new DriverException(
          Code.IO, String.valueOf(failure), "Mend the cause, then try again", failure);
    }
  }

  private StorageException bug(String attempted, Throwable cause) {
    return new StorageException(
        Code.IO,
        subject,
        attempted,
        "there is a bug: " + cause,
        "Report it to the driver's authors with this stack trace",
        cause);
  }

  /** What has to be done when work has ended, however it did. */
  private final class Ending<T> {
    final String attempted;
    final StorageEvent.@Nullable Type type;
    final Runnable release;
    final CompletableFuture<T> promise;
    final Report report = new Report();
    private final AtomicBoolean ended = new AtomicBoolean();
    long begun = System.nanoTime();

    Ending(
        String attempted,
        StorageEvent.@Nullable Type type,
        Runnable release,
        CompletableFuture<T> promise) {
      this.attempted = attempted;
      this.type = type;
      this.release = release;
      this.promise = promise;
    }

    /**
     * Lets the next one in before it completes the promise: a caller whose dependent stage waits
     * for another operation, or for {@code close}, would otherwise wait for itself.
     */
    void end(@Nullable T value, @Nullable Throwable failure) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      Throwable translated = failure == null ? null : translatedOrRaw(failure);
      try {
        tell(translated);
        if (promise.isDone()) {
          endUnwanted(value);
        }
      } catch (Throwable e) {
        log.warn("{}: {} ended, but not all that follows from it", subject, attempted, e);
      } finally {
        release.run();
      }
      if (translated == null) {
        if (!promise.complete(value)) {
          abandon(value);
        }
      } else {
        log.debug("{}: {} failed: {}", subject, attempted, translated.toString());
        promise.completeExceptionally(translated);
      }
    }

    /** Whatever the driver's explanation does, the operation ends. */
    private Throwable translatedOrRaw(Throwable failure) {
      try {
        return translate(attempted, failure);
      } catch (Throwable e) {
        return failure;
      }
    }

    /** A future that was cancelled takes nothing: what waits for its turn need not see it. */
    private void endUnwanted(@Nullable T value) throws IOException {
      if (value instanceof OpenHandles.Handle handle) {
        handle.end();
      }
    }

    /** Nobody else will close what a future that was cancelled meanwhile does not take. */
    private void abandon(@Nullable T value) {
      if (value instanceof OpenHandles.Handle handle) {
        var unused = handle.closeAsync();
      }
    }

    private void tell(@Nullable Throwable failure) {
      if (failure == null || failure instanceof CancellationException) {
        tell(report.happened, Optional.empty());
      } else {
        tell(type, told(failure));
      }
    }

    private void tell(StorageEvent.@Nullable Type what, Optional<StorageException> failure) {
      if (what != null) {
        Duration duration = Duration.ofNanos(System.nanoTime() - begun);
        pool.tell(new StorageEvent(what, pool.name(), volume, duration, failure));
      }
    }

    /** An event without a failure is a success, and an error is none. */
    private Optional<StorageException> told(Throwable failure) {
      return Optional.of(failure instanceof StorageException e ? e : bug(attempted, failure));
    }
  }
}

package io.cistern.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits that end: a conformance test that hangs would tell nothing. */
final class Waiting {
  private static final StackWalker STACK = StackWalker.getInstance();

  private final String rule;
  private final Duration longest;

  Waiting(String rule, Duration longest) {
    this.rule = rule;
    this.longest = longest;
  }

  /** Returns what a future completes with. */
  <T> T await(CompletableFuture<T> future) {
    awaitEnd(future);
    try {
      return future.join();
    } catch (CompletionException | CancellationException e) {
      throw new AssertionError("%s: failed at %s: %s".formatted(rule, line(), cause(e)), cause(e));
    }
  }

  /** Returns what a future completes with, or throws what it fails with. */
  <T> T value(CompletableFuture<T> future) throws Exception {
    awaitEnd(future);
    try {
      return future.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Returns what a future fails with. */
  Throwable failureOf(CompletableFuture<?> future) {
    awaitEnd(future);
    try {
      Object value = future.join();
      throw new AssertionError(
          "%s: a failure was expected at %s, but it completed with %s"
              .formatted(rule, line(), value));
    } catch (CompletionException | CancellationException e) {
      return cause(e);
    }
  }

  /** Waits until a future is done in whichever way. */
  void awaitEnd(CompletableFuture<?> future) {
    if (!endsWithin(future, longest.toMillis())) {
      throw new Overdue(tooLong("the end of an operation"));
    }
  }

  /** Waits as long, and tells whether a future is done. */
  boolean isEnded(CompletableFuture<?> future) {
    return endsWithin(future, longest.toMillis());
  }

  /** Waits for a future that need not be done; tells whether it was within so many milliseconds. */
  boolean endsWithin(CompletableFuture<?> future, long millis) {
    try {
      return future.handle((value, failure) -> true).get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(rule + ": interrupted", e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until something holds. */
  void until(String what, Callable<Boolean> condition) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new Overdue(tooLong(what));
        }
        Thread.sleep(2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(rule + ": interrupted", e);
    } catch (Exception e) {
      throw new AssertionError(rule + ": waiting for this failed: " + what, e);
    }
  }

  /** Something did not end in time. */
  static final class Overdue extends AssertionError {
    private static final long serialVersionUID = 1L;

    private Overdue(String message) {
      super(message);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private String tooLong(String what) {
    return "%s: waited %d s for %s at %s; the threads are%n%s"
        .formatted(rule, longest.toSeconds(), what, line(), ThreadDump.take());
  }

  private static String line() {
    return STACK.walk(
        frames ->
            frames
                .filter(frame -> frame.getMethodName().matches("rule\\d.*|events_.*"))
                .findFirst()
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("a step that the suite makes itself"));
  }
}

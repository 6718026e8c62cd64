package io.cistern.testkit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Does something again and again, on a thread of its own, until it is closed. */
final class Repeating implements AutoCloseable {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Runnable action;
  private final Thread thread = new Thread(this::run, "power-cuts");
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;

  private Repeating(Runnable action) {
    this.action = action;
  }

  static Repeating start(Runnable action) {
    Repeating repeating = new Repeating(action);
    repeating.thread.setDaemon(true);
    repeating.thread.start();
    return repeating;
  }

  private void run() {
    try {
      while (!ended) {
        action.run();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Ends it; throws what it has failed with. */
  @Override
  public void close() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    if (failure != null) {
      throw new AssertionError("the power could not be cut within a step", failure);
    }
  }
}

package io.cistern.storage.spi;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A lock that no thread waits for: turns are taken one at a time, in the order in which they were
 * added, and a turn that waits is an object in a list and not a parked thread (rules 801 and 804).
 */
final class OperationQueue {
  /** What is done when the turn has come. */
  interface Turn {
    /**
     * Begins the turn; must not block, so it hands its work to an executor.
     *
     * @param done to be run once, when the work has ended
     */
    void take(Runnable done);
  }

  private final Deque<Turn> waiting = new ArrayDeque<>();
  private boolean taken;

  void add(Turn turn) {
    synchronized (this) {
      if (taken) {
        waiting.add(turn);
        return;
      }
      taken = true;
    }
    take(turn);
  }

  /** A turn that can't even begin has ended: it must not keep those behind it out for good. */
  private void take(Turn turn) {
    AtomicBoolean ended = new AtomicBoolean();
    Runnable done =
        () -> {
          if (ended.compareAndSet(false, true)) {
            next();
          }
        };
    try {
      turn.take(done);
    } catch (Throwable e) {
      done.run();
      throw e;
    }
  }

  private void next() {
    Turn turn = poll();
    if (turn != null) {
      take(turn);
    }
  }

  private synchronized @Nullable Turn poll() {
    Turn turn = waiting.poll();
    taken = turn != null;
    return turn;
  }
}

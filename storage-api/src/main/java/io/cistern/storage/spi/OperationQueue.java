package io.cistern.storage.spi;

import java.util.ArrayDeque;
import java.util.Deque;
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
    turn.take(this::next);
  }

  private void next() {
    Turn turn = poll();
    if (turn != null) {
      turn.take(this::next);
    }
  }

  private synchronized @Nullable Turn poll() {
    Turn turn = waiting.poll();
    taken = turn != null;
    return turn;
  }
}

package io.cistern.testkit;

import io.cistern.storage.spi.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the disk held before each step of one operation, and when that was reported done. */
final class PowerCuts {
  private final PowerSupply power;

  /** Which step each disk that was kept is of; a disk that many steps share is of the last one. */
  private final Map<Integer, String> cuts = new LinkedHashMap<>();

  private int steps;
  private int last;

  /** Something in the background may go on after the operation. */
  private boolean ended;

  PowerCuts(PowerSupply power) {
    this.power = power;
  }

  synchronized void within() {
    if (!ended) {
      cuts.putIfAbsent(cutNow(), "within step %d".formatted(steps));
    }
  }

  synchronized void before(Step step) {
    if (!ended) {
      steps++;
      cuts.put(cutNow(), "before step %d (%s)".formatted(steps, step));
    }
  }

  synchronized void atTheEnd() {
    ended = true;
    last = cutNow();
    cuts.put(last, "after it was reported done");
  }

  private int cutNow() {
    try {
      return power.cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized int steps() {
    return steps;
  }

  /** The numbers of the disks, in the order in which they were first kept. */
  synchronized List<Integer> disks() {
    return List.copyOf(cuts.keySet());
  }

  synchronized String when(int disk) {
    return cuts.getOrDefault(disk, "");
  }

  /** Tells whether the operation had been reported done. */
  synchronized boolean isDone(int disk) {
    return disk == last;
  }
}

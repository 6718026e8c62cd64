package io.cistern.testkit;

import io.cistern.storage.spi.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the disk held before each step of one operation, when that was reported done, and before
 * each step that comes in the background after that.
 */
final class PowerCuts {
  private final PowerSupply power;

  /** Which step each disk that was kept is of; a disk that many steps share is of the last one. */
  private final Map<Integer, String> cuts = new LinkedHashMap<>();

  /** Those since it was reported done. */
  private final Set<Integer> done = new HashSet<>();

  private int steps;
  private int reportedDone;
  private boolean isDone;
  private boolean ended;

  PowerCuts(PowerSupply power) {
    this.power = power;
  }

  synchronized void within() {
    if (!isDone) {
      cuts.putIfAbsent(cutNow(), "within step %d".formatted(steps));
    }
  }

  synchronized void before(Step step) {
    if (!ended) {
      steps++;
      String after = isDone ? ", after it was reported done" : "";
      int unused = cut("before step %d (%s)%s".formatted(steps, step, after));
    }
  }

  /** The operation was reported done. */
  synchronized void atTheEnd() {
    isDone = true;
    reportedDone = cut("after it was reported done");
  }

  /** The disk of the moment when it was reported done. */
  synchronized int reportedDone() {
    return reportedDone;
  }

  /** What comes from now on has nothing to do with it. */
  synchronized void end() {
    ended = true;
  }

  private int cut(String when) {
    int disk = cutNow();
    cuts.put(disk, when);
    if (isDone) {
      done.add(disk);
    }
    return disk;
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
    return done.contains(disk);
  }
}

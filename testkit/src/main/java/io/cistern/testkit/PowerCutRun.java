package io.cistern.testkit;

import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps what the disk holds before each step of an operation and after it was reported done. */
final class PowerCutRun extends PowerLossRun {
  private final PowerSupply power;

  /** Which step each disk that was kept is of; a disk that many steps share is of the last one. */
  private final Map<Integer, String> cuts = new LinkedHashMap<>();

  private boolean syncIsMissing;
  private int steps;
  private int last;

  /** Something in the background may go on after the operation. */
  private boolean ended;

  private boolean cutsWithin;

  private record Cut(int number, String when, boolean isDone) implements Disk {}

  PowerCutRun(Scenario scenario, PowerSupply power, CrashCase crash) {
    super(scenario, power, crash);
    this.power = power;
  }

  @Override
  void begin(CrashBaseline baseline, boolean missing) {
    syncIsMissing = missing;
    cutsWithin = !missing && (CrashCase.THOROUGH || baseline.steps() == 0);
    scenario().probe().doBeforeEach(this::cutBefore);
  }

  @Override
  void operate(Volume volume) {
    if (!cutsWithin) {
      await(volume);
      cutAtTheEnd();
      return;
    }
    // Within steps too: one that is a command writes many times.
    try (Repeating cuts = Repeating.start(this::cutWithin)) {
      await(volume);
      cutAtTheEnd();
    }
  }

  private synchronized void cutWithin() {
    if (!ended) {
      cuts.putIfAbsent(cutNow(), "within step %d".formatted(steps));
    }
  }

  private synchronized void cutBefore(Step step) {
    if (!ended) {
      steps++;
      cuts.put(cutNow(), "before step %d (%s)".formatted(steps, step));
    }
  }

  private synchronized void cutAtTheEnd() {
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

  @Override
  List<Cut> disks() {
    return (syncIsMissing ? latestFirst() : selected())
        .stream()
            .map(number -> new Cut(number, cuts.getOrDefault(number, ""), number == last))
            .toList();
  }

  private List<Integer> selected() {
    return evenly(List.copyOf(cuts.keySet()), scenario().fixture().stepsToTry());
  }

  /** All, since any may be the one that shows it; most often that is one of the last. */
  private List<Integer> latestFirst() {
    List<Integer> all = new ArrayList<>(cuts.keySet());
    Collections.reverse(all);
    return all;
  }

  @Override
  public String toString() {
    return "%s, %d different disks, %s"
        .formatted(
            steps == 0 ? scenario().withoutSteps() + ": cut at some instants" : steps + " steps",
            cuts.size(),
            booted());
  }
}

package io.cistern.testkit;

import io.cistern.storage.Volume;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Keeps what the disk holds before each step of an operation and after it was reported done. */
final class PowerCutRun extends PowerLossRun {
  private final PowerCuts cuts;
  private boolean syncIsMissing;
  private boolean cutsWithin;

  private record Cut(int number, String when, boolean isDone) implements Disk {}

  PowerCutRun(Scenario scenario, PowerSupply power, CrashCase crash) {
    super(scenario, power, crash);
    this.cuts = new PowerCuts(power);
  }

  @Override
  void begin(CrashBaseline baseline, boolean missing) {
    syncIsMissing = missing;
    cutsWithin = !missing && (CrashCase.THOROUGH || baseline.steps() == 0);
    scenario().probe().doBeforeEach(cuts::before);
  }

  @Override
  void operate(Volume volume) {
    if (cutsWithin) {
      // Within steps too: one that is a command writes many times.
      try (Repeating further = Repeating.start(cuts::within)) {
        awaitDone(volume);
      }
    } else {
      awaitDone(volume);
    }
    scenario().awaitBackground();
    cuts.end();
  }

  private void awaitDone(Volume volume) {
    await(volume);
    cuts.atTheEnd();
  }

  @Override
  List<Cut> disks() {
    return (syncIsMissing ? latestFirst() : selected())
        .stream().map(number -> new Cut(number, cuts.when(number), cuts.isDone(number))).toList();
  }

  /** What comes in the background must not hide what was not durable when it was done. */
  private List<Integer> selected() {
    List<Integer> chosen = evenly(cuts.disks(), scenario().fixture().stepsToTry());
    return Stream.concat(chosen.stream(), Stream.of(cuts.reportedDone())).distinct().toList();
  }

  /** All, since any may be the one that shows it; most often that is one of the last. */
  private List<Integer> latestFirst() {
    List<Integer> all = new ArrayList<>(cuts.disks());
    Collections.reverse(all);
    return all;
  }

  @Override
  public String toString() {
    return "%s, %d different disks, %s"
        .formatted(
            cuts.steps() == 0
                ? scenario().withoutSteps() + ": cut at some instants"
                : cuts.steps() + " steps",
            cuts.disks().size(),
            booted());
  }
}

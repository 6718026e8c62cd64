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
import java.util.stream.IntStream;

/**
 * Runs one operation, keeps what the disk holds before each of its steps and after it was reported
 * done, then boots from each of that and looks at the volume. Needs a place of its own.
 */
final class PowerCutRun {
  private final Scenario scenario;
  private final PowerSupply power;
  private final CrashCase crash;

  /** Which step each disk that was kept is of; a disk that many steps share is of the last one. */
  private final Map<Integer, String> disks = new LinkedHashMap<>();

  private final CrashBench bench;
  private int steps;
  private int booted;
  private int asAfter;

  /** Something in the background may go on after the operation. */
  private boolean ended;

  private List<Step> syncs = List.of();

  PowerCutRun(Scenario scenario, PowerSupply power, CrashCase crash) {
    this.scenario = scenario;
    this.power = power;
    this.crash = crash;
    this.bench = new CrashBench(scenario, crash);
  }

  /** Finds out what the operation does, which is the same in every place. */
  CrashBaseline baseline() {
    return CrashBaseline.of(scenario, bench, crash);
  }

  /**
   * Does all else.
   *
   * @param missingSync which sync of the operation is left out, counted from 1; 0 for none
   */
  void run(CrashBaseline baseline, int missingSync) {
    Volume volume = bench.prepare("root");
    scenario.probe().doBeforeEach(this::cutBefore);
    scenario.probe().leaveOut(missingSync);
    boolean within = CrashCase.THOROUGH || baseline.steps() == 0;
    int last = missingSync == 0 && within ? operateWithCuts(volume) : operate(volume);
    syncs = scenario.probe().syncs();
    scenario.probe().revive();
    scenario.close();
    for (int disk : missingSync > 0 ? latestFirst() : selected()) {
      check(disk, disks.getOrDefault(disk, ""), baseline, disk == last);
    }
  }

  /** Spread evenly, with the last one, which has all that was reported done. */
  private List<Integer> selected() {
    List<Integer> all = List.copyOf(disks.keySet());
    int tried = Math.min(all.size(), Math.max(1, scenario.fixture().stepsToTry()));
    return IntStream.rangeClosed(1, tried)
        .mapToObj(i -> all.get(i * all.size() / tried - 1))
        .toList();
  }

  /** All, since any may be the one that shows it; most often that is one of the last. */
  private List<Integer> latestFirst() {
    List<Integer> all = new ArrayList<>(disks.keySet());
    Collections.reverse(all);
    return all;
  }

  private int operate(Volume volume) {
    scenario.waiting().await(crash.run(volume));
    return cutAtTheEnd();
  }

  /** Cuts the power within steps too: one that is a command writes many times. */
  private int operateWithCuts(Volume volume) {
    try (Repeating cuts = Repeating.start(this::cutWithin)) {
      return operate(volume);
    }
  }

  private synchronized void cutWithin() {
    if (!ended) {
      disks.putIfAbsent(cutNow(), "within step %d".formatted(steps));
    }
  }

  private synchronized void cutBefore(Step step) {
    if (!ended) {
      steps++;
      cut("before step %d (%s)".formatted(steps, step));
    }
  }

  private synchronized int cutAtTheEnd() {
    ended = true;
    return cut("after it was reported done");
  }

  private int cut(String when) {
    int disk = cutNow();
    disks.put(disk, when);
    return disk;
  }

  private int cutNow() {
    try {
      return power.cut();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(int disk, String when, CrashBaseline baseline, boolean done) {
    String where = "%s, power cut %s".formatted(crash, when);
    try {
      power.boot(disk);
    } catch (IOException e) {
      throw new UncheckedIOException(where + ": the place does not come back", e);
    }
    booted++;
    scenario.reopen();
    Volume volume = bench.declare("root");
    Picture actual = bench.pictureAfterPowerCut(volume, baseline.before());
    boolean isDone = done && crash.isDurable();
    asAfter += baseline.outcomes().assertOutcome(where, actual, isDone) ? 1 : 0;
    bench.assertSourceIsIntact(where);
    new Continuation(scenario).checkCommit(where, volume, actual, baseline.used(actual));
    scenario.close();
  }

  /** The syncs of the operation, the one that was left out included. */
  List<Step> syncs() {
    return syncs;
  }

  @Override
  public String toString() {
    if (steps == 0) {
      return "no steps are told: cut at some instants, %d different disks, %d booted, %d as after"
          .formatted(disks.size(), booted, asAfter);
    }
    return "%d steps, %d different disks, %d booted, %d as after"
        .formatted(steps, disks.size(), booted, asAfter);
  }
}

package io.cistern.testkit;

import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs one operation, keeps disks that a power failure could leave, then boots from them and looks
 * at the volume. Needs a place of its own.
 */
abstract class PowerLossRun {
  private final Scenario scenario;
  private final PowerSupply power;
  private final CrashCase crash;
  private final CrashBench bench;
  private List<Step> syncs = List.of();
  private int booted;
  private int asAfter;

  PowerLossRun(Scenario scenario, PowerSupply power, CrashCase crash) {
    this.scenario = scenario;
    this.power = power;
    this.crash = crash;
    this.bench = new CrashBench(scenario, crash);
  }

  final Scenario scenario() {
    return scenario;
  }

  final CrashCase crash() {
    return crash;
  }

  /** Finds out what the operation does, which is the same in every place. */
  final CrashBaseline baseline() {
    return CrashBaseline.of(scenario, bench, crash);
  }

  /** A disk to boot from. */
  interface Disk {
    /** Returns its number, for the power supply. */
    int number();

    /** Tells when the power failed, and how. */
    String when();

    /** Tells whether the operation had been reported done. */
    boolean isDone();
  }

  /**
   * Does all else.
   *
   * @param missingSync which sync of the operation is left out, counted from 1; 0 for none
   */
  final void run(CrashBaseline baseline, int missingSync) {
    Surroundings surroundings = Surroundings.of(scenario);
    Volume volume = bench.prepare("root");
    begin(baseline, missingSync > 0);
    scenario.probe().leaveOut(missingSync);
    operate(volume);
    scenario.probe().revive();
    scenario.close();
    for (Disk disk : disks()) {
      try {
        check(disk, baseline, surroundings);
      } catch (AssertionError e) {
        String message = String.valueOf(e.getMessage());
        String where = where(disk);
        throw new AssertionError(
            (message.contains(where)
                    ? message
                    : "%s: %s, %s".formatted(scenario.rule(), where, message))
                + repetition(),
            e);
      }
    }
  }

  /** Tells how to repeat what has failed, as the end of a message. */
  String repetition() {
    return "";
  }

  /**
   * The volume is prepared; a script for the probe may begin.
   *
   * @param baseline what the operation does when it is not interrupted
   * @param syncIsMissing whether a sync is going to be left out
   */
  abstract void begin(CrashBaseline baseline, boolean syncIsMissing);

  /** Waits for the operation, and notes what was there when it was reported done. */
  abstract void operate(Volume volume);

  /** Lists what to boot from, in the order in which that is done. */
  abstract List<? extends Disk> disks();

  final void await(Volume volume) {
    scenario.waiting().await(crash.run(volume));
    syncs = scenario.probe().syncs();
  }

  /** Chooses some, spread evenly, with the last one. */
  static <T> List<T> evenly(List<T> all, int most) {
    int chosen = Math.min(all.size(), Math.max(1, most));
    return IntStream.rangeClosed(1, chosen)
        .mapToObj(i -> all.get((int) ((long) i * all.size() / chosen) - 1))
        .toList();
  }

  private String where(Disk disk) {
    return "%s, power cut %s".formatted(crash, disk.when());
  }

  private void check(Disk disk, CrashBaseline baseline, Surroundings surroundings) {
    String where = where(disk);
    try {
      power.boot(disk.number());
    } catch (IOException | RuntimeException e) {
      throw new AssertionError(
          "%s: %s, the place does not come back: %s".formatted(scenario.rule(), where, e), e);
    }
    booted++;
    scenario.reopen();
    Volume volume = bench.declare("root");
    surroundings.assertNothingElseIsListed(where, volume);
    Picture actual = bench.pictureAfterPowerCut(volume, baseline.before());
    boolean isDone = disk.isDone() && crash.isDurable();
    asAfter += baseline.outcomes().assertOutcome(where, actual, isDone) ? 1 : 0;
    bench.assertSourceIsIntact(where);
    new Continuation(scenario).checkCommit(where, volume, actual, baseline.had(actual));
    surroundings.assertSame(where);
    scenario.close();
  }

  /** The syncs of the operation, the one that was left out included. */
  final List<Step> syncs() {
    return syncs;
  }

  final String booted() {
    return "%d booted, %d as after".formatted(booted, asAfter);
  }
}

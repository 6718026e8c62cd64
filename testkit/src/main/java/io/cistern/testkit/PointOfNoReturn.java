package io.cistern.testkit;

import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where the switch of an operation is: the step after which it stays done, whatever happens (rule
 * 1003). What fails after that is no failure of the operation, which is to be reported done.
 *
 * <p>A sync that fails is another matter: it may be the one that makes the switch durable, and what
 * may not be durable must not be reported done (rule 903). So of a sync after the switch the
 * operation may fail.
 *
 * <p>What a process leaves that dies before a step tells whether the switch comes before it, which
 * takes deaths in this process. Those leave descriptors open, so that it is found out in a place of
 * its own, before anybody counts descriptors.
 */
final class PointOfNoReturn {
  /** What a call that was interrupted by a signal fails with: it is made again. */
  static final String INTERRUPTED = "EINTR";

  private final OptionalInt firstStepAfter;

  /** The last step that comes before the switch; 0 if that is not known. */
  private final int lastStepBefore;

  private PointOfNoReturn(OptionalInt firstStepAfter, int lastStepBefore) {
    this.firstStepAfter = firstStepAfter;
    this.lastStepBefore = lastStepBefore;
  }

  private static PointOfNoReturn before(int last) {
    return new PointOfNoReturn(OptionalInt.empty(), last);
  }

  /** Finds it, with volumes in an empty place. */
  static PointOfNoReturn of(Scenario scenario, CrashCase crash) {
    return new Search(scenario, crash).find();
  }

  /** Fails if the operation had made its switch, and was not to fail by this step any more. */
  void assertMayFail(String where, int step, Optional<Step> reached, Scenario scenario) {
    boolean maySync = reached.filter(it -> maySync(it, scenario)).isPresent();
    if (firstStepAfter.isPresent() && step >= firstStepAfter.getAsInt() && !maySync) {
      throw new AssertionError(
          "1003: %s, it failed, though it was done: %s".formatted(where, this));
    }
  }

  /**
   * Fails if a sync before the switch has failed, or one right after it, which makes it durable,
   * was not made again, and the operation was reported done: what it has switched to need not be on
   * the disk (rule 903).
   */
  void assertMayBeDone(
      String where, int step, Optional<Step> reached, String error, Scenario scenario) {
    boolean isSync = reached.filter(it -> maySync(it, scenario)).isPresent();
    boolean isNeeded = step <= lastStepBefore || step == firstStepAfter.orElse(0);
    if (isSync && isNeeded && !error.equals(INTERRUPTED)) {
      throw new AssertionError(
          "903: %s, it was reported done though that has failed, and was not tried again: %s"
              .formatted(where, this));
    }
  }

  /**
   * Fails if a step before the switch has not ended, and the operation was reported done all the
   * same (rule 1005).
   */
  void assertMayBeDoneWithout(String where, int step) {
    if (step <= lastStepBefore) {
      throw new AssertionError(
          "1005: %s, it was reported done though that has not ended: %s".formatted(where, this));
    }
  }

  /** A driver that never asks whether to leave a sync out tells it by the step's name. */
  private static boolean maySync(Step step, Scenario scenario) {
    String name = step.name().toLowerCase(Locale.ROOT);
    return scenario.probe().syncNames().contains(step.name())
        || name.contains("sync")
        || name.contains("flush");
  }

  @Override
  public String toString() {
    return firstStepAfter.isPresent()
        ? "its switch comes before step %d".formatted(firstStepAfter.getAsInt())
        : "no step comes after a switch";
  }

  /** Lets the process die before some steps. */
  private static final class Search {
    private final Scenario scenario;
    private final CrashCase crash;
    private final CrashBench bench;

    Search(Scenario scenario, CrashCase crash) {
      this.scenario = scenario;
      this.crash = crash;
      this.bench = new CrashBench(scenario, crash);
    }

    /** Finds the first step before which a death leaves the operation done, if there is one. */
    PointOfNoReturn find() {
      if (!crash.operation().hasSwitch()) {
        return before(crash.isDurableWithoutSwitch() ? Integer.MAX_VALUE : 0);
      }
      CrashBaseline baseline = CrashBaseline.of(scenario, bench, crash);
      int undone = 0;
      int done = baseline.steps() + 1;
      if (baseline.before().equals(baseline.outcomes().after())) {
        return before(0);
      }
      while (done - undone > 1) {
        int step = (undone + done) / 2;
        if (isDoneBefore(step, baseline)) {
          done = step;
        } else {
          undone = step;
        }
      }
      return done <= baseline.steps()
          ? new PointOfNoReturn(OptionalInt.of(done), undone)
          : before(undone);
    }

    private boolean isDoneBefore(int step, CrashBaseline baseline) {
      String name = "switch" + step;
      Volume volume = bench.prepare(name);
      scenario.awaitBackground();
      scenario.probe().dieBefore(step);
      scenario.waiting().awaitEnd(crash.run(volume));
      scenario.crash();
      Volume again = bench.declare(name);
      Picture actual = Picture.of(scenario, again);
      bench.remove(again);
      return isDone(actual, baseline);
    }

    /** What has not pruned yet is done; what is neither as before nor as after is not. */
    private boolean isDone(Picture actual, CrashBaseline baseline) {
      Picture after = baseline.outcomes().after();
      boolean isUnpruned =
          crash.operation().commits() && actual.equals(after.withRevision(baseline.before()));
      return isUnpruned || actual.equals(after);
    }
  }
}

package io.cistern.testkit;

import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.ScriptedProbe.FaultChoice;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Lets each step of one operation fail in turn, each time on a new volume, and looks at that. */
final class FaultRun {
  private static final Set<String> GONE_ON_WITH =
      Set.of(PointOfNoReturn.INTERRUPTED, ScriptedProbe.SHORT_TRANSFER);

  private final Scenario scenario;
  private final CrashCase crash;
  private final FaultSelection selection;
  private final PointOfNoReturn switched;
  private final FaultAftermath aftermath;
  private int faults;
  private int failures;

  FaultRun(
      Scenario scenario,
      CrashCase crash,
      FaultSelection selection,
      PointOfNoReturn switched,
      LeakCheck leaks) {
    this.scenario = scenario;
    this.crash = crash;
    this.selection = selection;
    this.switched = switched;
    this.aftermath = new FaultAftermath(scenario, crash, leaks);
  }

  /** Goes on until there is no step left that could fail; without steps, there is no fault. */
  void run() {
    if (aftermath.steps() == 0) {
      fail(0, step -> Optional.empty());
      return;
    }
    StepsToTry.of(scenario, crash, aftermath.steps(), Integer.MAX_VALUE).forEach(this::failsAt);
  }

  /** Returns false if there is no such step. */
  private boolean failsAt(int step) {
    if (!CrashCase.THOROUGH) {
      return fail(step, reached -> selection.next(reached, transfers())).isPresent();
    }
    int errors = 1;
    for (int number = 0; number < errors; number++) {
      int chosen = number;
      Optional<Step> reached =
          fail(step, failing -> selection.numbered(failing, transfers(), chosen));
      if (reached.isEmpty()) {
        return false;
      }
      errors = FaultSelection.possible(reached.get(), transfers()).size();
    }
    return true;
  }

  private Set<String> transfers() {
    return scenario.probe().transfers();
  }

  private Optional<Step> fail(int step, FaultChoice choice) {
    String name = "fault%d-%d".formatted(step, faults);
    Volume volume = aftermath.bench().prepare(name);
    scenario.awaitBackground();
    Disturbed disturbed = disturb(volume, step, choice);
    String where = where(step, disturbed);
    assertTold(where, disturbed.error);
    scenario.probe().revive();
    if (disturbed.hasFailed()) {
      failures++;
      checkFailed(where, step, volume, disturbed);
      aftermath.checkFailed(where, name, volume);
    } else {
      scenario.waiting().await(disturbed.operation);
      aftermath.checkDone(where, name, volume);
      checkMayBeDone(where, step, disturbed);
    }
    faults += disturbed.error.isPresent() ? 1 : 0;
    return disturbed.reached;
  }

  /**
   * What a fault met.
   *
   * @param isMeanwhile whether it met the operation itself, not what comes in the background after
   *     its end
   * @param isRepeated whether the step was tried again
   */
  private record Disturbed(
      CompletableFuture<?> operation,
      Optional<Step> reached,
      Optional<String> error,
      boolean isMeanwhile,
      boolean isRepeated) {
    boolean hasFailed() {
      return error.isPresent() && isMeanwhile && operation.isCompletedExceptionally();
    }
  }

  private Disturbed disturb(Volume volume, int step, FaultChoice choice) {
    ScriptedProbe probe = scenario.probe();
    probe.failAt(step, choice);
    CompletableFuture<?> operation = crash.run(volume);
    scenario.waiting().awaitEnd(operation);
    boolean isMeanwhile = probe.reached().isPresent();
    if (!isMeanwhile) {
      scenario.awaitBackground();
    }
    return new Disturbed(
        operation, probe.reached(), probe.fault(), isMeanwhile, probe.isRepeated());
  }

  private void checkFailed(String where, int step, Volume volume, Disturbed disturbed) {
    Throwable failure = scenario.waiting().failureOf(disturbed.operation);
    String error = disturbed.error.orElseThrow();
    Explanation.assertTellsOf(error, scenario.rule(), where, failure, volume);
    switched.assertMayFail(where, step, disturbed.reached, scenario);
    aftermath.checkNotStarted(where, volume);
  }

  private void checkMayBeDone(String where, int step, Disturbed disturbed) {
    boolean isGoneOnWithout =
        disturbed.error.isPresent() && disturbed.isMeanwhile && !disturbed.isRepeated;
    if (isGoneOnWithout && crash.isDurable()) {
      String error = disturbed.error.orElseThrow();
      switched.assertMayBeDone(where, step, disturbed.reached, error, scenario);
    }
  }

  /**
   * A driver that does the step all the same has met no error at all. What was interrupted, or has
   * moved only some bytes, is gone on with, and then done.
   */
  private void assertTold(String where, Optional<String> error) {
    if (error.isPresent() && !GONE_ON_WITH.contains(error.get()) && !isTold()) {
      throw new AssertionError(
          "1001: %s, the driver does not tell that the step has failed, with StepProbe.after; so it"
                  .formatted(where)
              + " may have done it instead");
    }
  }

  /** What fails in the background may do so while the operation ends. */
  private boolean isTold() {
    if (!scenario.probe().isFaultTold()) {
      scenario.awaitBackground();
    }
    return scenario.probe().isFaultTold();
  }

  private String where(int step, Disturbed disturbed) {
    return "%s with %s at step %d (%s)"
        .formatted(
            crash,
            disturbed.error.orElse("no fault"),
            step,
            disturbed.reached.map(Step::toString).orElse("not reached"));
  }

  @Override
  public String toString() {
    if (aftermath.steps() == 0) {
      return scenario.withoutSteps() + ": done, and nothing can be made to fail from outside";
    }
    return "%d steps, %s, %d faults, %d failures, %d done all the same"
        .formatted(aftermath.steps(), switched, faults, failures, faults - failures);
  }
}

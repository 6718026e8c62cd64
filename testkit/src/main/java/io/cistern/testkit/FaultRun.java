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
    ScriptedProbe probe = scenario.probe();
    String name = "fault%d-%d".formatted(step, faults);
    Volume volume = aftermath.bench().prepare(name);
    scenario.awaitBackground();
    probe.failAt(step, choice);
    CompletableFuture<?> first = crash.run(volume);
    scenario.waiting().awaitEnd(first);
    Optional<Step> reached = probe.reached();
    Optional<String> error = probe.fault();
    String where = where(step, reached, error);
    assertTold(where, error);
    boolean repeated = probe.isRepeated();
    probe.revive();
    if (error.isPresent() && first.isCompletedExceptionally()) {
      failures++;
      Throwable failure = scenario.waiting().failureOf(first);
      Explanation.assertTellsOf(error.get(), scenario.rule(), where, failure, volume);
      switched.assertMayFail(where, step, reached, scenario);
      aftermath.checkNotStarted(where, volume);
      aftermath.checkFailed(where, name, volume);
    } else {
      scenario.waiting().await(first);
      aftermath.checkDone(where, name, volume);
      if (error.isPresent() && !repeated && crash.isDurable()) {
        switched.assertMayBeDone(where, step, reached, error.get(), scenario);
      }
    }
    faults += error.isPresent() ? 1 : 0;
    return reached;
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

  private String where(int step, Optional<Step> reached, Optional<String> error) {
    return "%s with %s at step %d (%s)"
        .formatted(
            crash,
            error.orElse("no fault"),
            step,
            reached.map(Step::toString).orElse("not reached"));
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

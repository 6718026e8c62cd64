package io.cistern.testkit;

import io.cistern.testkit.PoolFixture.Filling;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Rule 1002 as tests: at a step of an operation the pool becomes full, and stays so until the
 * operation has ended. It is done, or refused with {@code OUT_OF_SPACE}; while the pool is full,
 * every question is answered, and {@code stop(DISCARD)}, {@code removeRevision} and {@code remove}
 * work. When there is space again, the volume is as before or as after, and the operation works.
 *
 * <p>Needs a fixture that can fill its place, {@link PoolFixture#filling()}; it is skipped without.
 * The pool is filled at eight steps of each operation, on the kinds that {@link FaultConformance}
 * has; with {@code -Dcistern.test.thorough=true} at each step, on each kind. What was done is
 * listed in {@code target/crash-reports}.
 */
@Execution(ExecutionMode.SAME_THREAD)
public abstract class FullConformance {
  /** Allows subclasses. */
  protected FullConformance() {}

  /**
   * Makes a fresh, empty place that can be filled; called for each operation on each kind.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  protected abstract PoolFixture newPool() throws Exception;

  /**
   * Tells whether an operation is tried, for places where all would take too long.
   *
   * @param operation such as {@code "stop of origin"}
   * @return true unless overridden
   */
  protected boolean isTried(String operation) {
    return true;
  }

  @TestFactory
  @Rule(1002)
  final Stream<DynamicTest> rule1002_aPoolThatBecomesFullRefusesOrDoesAndLetsSpaceBeFreed()
      throws Exception {
    CrashReport report = new CrashReport(getClass(), "full");
    return cases().stream()
        .map(crash -> DynamicTest.dynamicTest(crash.toString(), () -> run(crash, report)));
  }

  private void run(CrashCase crash, CrashReport report) throws Exception {
    long start = System.nanoTime();
    try (PoolFixture fixture = newPool()) {
      Filling filling = Abilities.need(fixture.filling(), "fill the place");
      LeakCheck leaks = new LeakCheck(fixture, "1002");
      Scenario scenario = new Scenario(fixture, "1002");
      try {
        FullRun run = new FullRun(scenario, crash, filling, leaks);
        run.run();
        scenario.tidyUp();
        leaks.check(false);
        report.add(crash.toString(), run, Duration.ofNanos(System.nanoTime() - start));
      } finally {
        scenario.close();
      }
    }
  }

  private List<CrashCase> cases() throws Exception {
    try (PoolFixture fixture = newPool()) {
      return CrashCase.disturbed(fixture.capabilities()).stream()
          .filter(crash -> isTried(crash.toString()))
          .toList();
    }
  }
}

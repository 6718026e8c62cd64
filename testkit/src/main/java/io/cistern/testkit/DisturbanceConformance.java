package io.cistern.testkit;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the suites have in common that disturb an operation and let it go on. */
@Execution(ExecutionMode.SAME_THREAD)
abstract class DisturbanceConformance {
  /**
   * Makes a fresh, empty place; called for each operation on each kind.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  protected abstract PoolFixture newPool() throws Exception;

  /**
   * Tells whether an operation is tried, for places where all would take too long. Not asked if
   * certain operations are asked for, with {@code -Dcistern.test.crash}.
   *
   * @param operation such as {@code "stop of origin"}
   * @return true unless overridden
   */
  protected boolean isTried(String operation) {
    return true;
  }

  /** Disturbs one operation, in a place of its own. */
  interface Disturbance {
    /**
     * Does it.
     *
     * @return what came of it, for the report
     */
    Object run(Scenario scenario, CrashCase crash, LeakCheck leaks) throws Exception;
  }

  /** Finds out what a disturbance needs to know, before anybody looks for leaks. */
  interface Preparation {
    /** Does it, in places of its own. */
    Disturbance prepare(CrashCase crash) throws Exception;
  }

  /** Makes a test of each operation; what has leaked by then fails it. */
  final Stream<DynamicTest> tests(
      CrashReport report, String rule, String ruleOfLeaks, Disturbance disturbance)
      throws Exception {
    return preparedTests(report, rule, ruleOfLeaks, crash -> disturbance);
  }

  /** The same of a disturbance that is prepared for each operation. */
  final Stream<DynamicTest> preparedTests(
      CrashReport report, String rule, String ruleOfLeaks, Preparation preparation)
      throws Exception {
    return cases().stream()
        .map(
            crash ->
                DynamicTest.dynamicTest(
                    crash.toString(),
                    () ->
                        report.watch(
                            crash.toString(),
                            () ->
                                run(
                                    crash,
                                    report,
                                    rule,
                                    ruleOfLeaks,
                                    preparation.prepare(crash)))));
  }

  private void run(
      CrashCase crash, CrashReport report, String rule, String ruleOfLeaks, Disturbance disturbance)
      throws Exception {
    long start = System.nanoTime();
    try (PoolFixture fixture = newPool()) {
      LeakCheck leaks = new LeakCheck(fixture, ruleOfLeaks);
      try (Scenario scenario = new Scenario(fixture, rule)) {
        Object outcome = disturbance.run(scenario, crash, leaks);
        scenario.tidyUp();
        leaks.check(false);
        report.add(crash.toString(), outcome, Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }

  private List<CrashCase> cases() throws Exception {
    try (PoolFixture fixture = newPool()) {
      return CrashCase.tried(CrashCase.disturbed(fixture.capabilities()), this::isTried);
    }
  }
}

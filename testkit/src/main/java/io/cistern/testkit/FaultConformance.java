package io.cistern.testkit;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Rules 1001, 1003 and 1004 as tests: each step of each operation fails once. Then the volume is as
 * before or as after; the exception names the volume and the error, and has the right code; what
 * was reported done is done; nothing has leaked; and the operation, repeated, succeeds.
 *
 * <pre>{@code
 * class MyDriverFaultTest extends FaultConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlace();
 *   }
 * }
 * }</pre>
 *
 * <p>What a step can fail with is what the driver reports in {@link
 * io.cistern.storage.spi.Step#errors()}, and for those that move bytes that they move only some
 * ({@link io.cistern.storage.spi.StepProbe#shortens}). Each step fails with one of them, another
 * one for the next step of its sort: each operation on an origin, start and stop on each kind. With
 * {@code -Dcistern.test.thorough=true}, each with each of them, on each kind. What failed is listed
 * in {@code target/crash-reports}. Where steps take long, {@link PoolFixture#stepsToTry()} and
 * {@link #isTried} leave out some.
 */
@Execution(ExecutionMode.SAME_THREAD)
public abstract class FaultConformance {
  /** Allows subclasses. */
  protected FaultConformance() {}

  /**
   * Makes a fresh, empty place; called for each operation on each kind.
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
  @Rule({1001, 1003, 1004})
  final Stream<DynamicTest> rule1001_whateverFailsTheVolumeIsAsBeforeOrAfterAndGoesOn()
      throws Exception {
    CrashReport report = new CrashReport(getClass(), "faults");
    FaultSelection selection = new FaultSelection();
    return cases().stream()
        .map(
            crash -> DynamicTest.dynamicTest(crash.toString(), () -> run(crash, selection, report)))
        .onClose(() -> report.add("what failed", selection, Duration.ZERO));
  }

  private void run(CrashCase crash, FaultSelection selection, CrashReport report) throws Exception {
    long start = System.nanoTime();
    try (PoolFixture fixture = newPool()) {
      LeakCheck leaks = new LeakCheck(fixture, "1004");
      Scenario scenario = new Scenario(fixture, "1001");
      try {
        FaultRun run = new FaultRun(scenario, crash, selection, leaks);
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

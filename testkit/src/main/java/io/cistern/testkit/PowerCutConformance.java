package io.cistern.testkit;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rules 902 and 903 as tests: the power is cut before each step of each operation on each kind of
 * volume, right after the operation was reported done, and before each step that comes in the
 * background then; and the proof that these tests can fail, which is that they do without any one
 * sync of a protocol. The setup and the destruction of a pool are cut short, too.
 *
 * <pre>{@code
 * class MyDriverPowerCutTest extends PowerCutConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlaceWithPower();
 *   }
 * }
 * }</pre>
 *
 * <p>The fixture gives its {@link PoolFixture#power()}, and the driver reports its steps. Each
 * operation is interrupted on an origin, start and stop on each kind; with {@code
 * -Dcistern.test.thorough=true} each operation on each kind; with {@code -Dcistern.test.crash='stop
 * of .*'} those. What was interrupted is listed in {@code target/crash-reports}.
 *
 * <p>Where the fixture's {@link PoolFixture#stepsToTry()} leaves disks out, missing syncs are not
 * looked for: any disk may be the one that shows it.
 *
 * @see WriteLogConformance
 */
public abstract class PowerCutConformance extends PowerLossConformance {
  /** Allows subclasses. */
  protected PowerCutConformance() {}

  @TestFactory
  @Rule({902, 903})
  final Stream<DynamicTest> rule902_aPowerCutAtAnyStepLeavesBeforeOrAfter() throws Exception {
    return survivals(new CrashReport(getClass(), "power-cuts"));
  }

  @TestFactory
  @Rule({902, 903})
  final Stream<DynamicTest> rule902_aMissingSyncIsNoticed() throws Exception {
    return missingSyncs("missing-syncs");
  }

  /**
   * A setup that was reported done is there, and so is a destruction; any other can be repeated.
   */
  @TestFactory
  @Rule({102, 111, 902, 903})
  final Stream<DynamicTest> rule902_aSetupOrDestructionThatLosesItsPowerCanBeRepeated() {
    CrashReport report = new CrashReport(getClass(), "pool-power-cuts");
    return Stream.of(PoolPowerCutRun.Operation.values())
        .map(
            operation ->
                DynamicTest.dynamicTest(
                    operation.toString(),
                    () -> report.watch(operation.toString(), () -> run(operation, report))));
  }

  private void run(PoolPowerCutRun.Operation operation, CrashReport report) throws Exception {
    long start = System.nanoTime();
    try (PoolFixture fixture = newPool();
        Scenario scenario = new Scenario(fixture, "902")) {
      PoolPowerCutRun run = new PoolPowerCutRun(scenario, power(scenario), operation);
      run.run();
      report.add(operation.toString(), run, Duration.ofNanos(System.nanoTime() - start));
    }
  }

  @Override
  final boolean isTypical(CrashCase crash) {
    return crash.isTypical();
  }

  @Override
  final PowerLossRun newRun(Scenario scenario, CrashCase crash) {
    return new PowerCutRun(scenario, power(scenario), crash);
  }

  private static PowerSupply power(Scenario scenario) {
    return scenario
        .fixture()
        .power()
        .orElseThrow(() -> new AssertionError("the fixture has no power to be cut"));
  }
}

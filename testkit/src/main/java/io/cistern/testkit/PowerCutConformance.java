package io.cistern.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rules 902 and 903 as tests: the power is cut before each step of each operation on each kind of
 * volume, and right after the operation was reported done; and the proof that these tests can fail,
 * which is that they do without any one sync of a protocol.
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

  @Override
  final boolean isTypical(CrashCase crash) {
    return crash.isTypical();
  }

  @Override
  final PowerLossRun newRun(Scenario scenario, CrashCase crash) {
    PowerSupply power =
        scenario
            .fixture()
            .power()
            .orElseThrow(() -> new AssertionError("the fixture has no power to be cut"));
    return new PowerCutRun(scenario, power, crash);
  }
}

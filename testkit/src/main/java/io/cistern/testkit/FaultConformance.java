package io.cistern.testkit;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInfo;

/**
 * Rules 1001 and 1003 to 1005 as tests: each step of each operation fails once. Then the volume is
 * as before or as after; the exception names the volume and the error, and has the right code; what
 * was reported done is done; nothing has leaked; and the operation, repeated, succeeds.
 *
 * <p>Where a death before a step would leave the operation done, its switch has been made, and it
 * has to be reported done though that step fails; but for a sync, which may be the one that makes
 * the switch durable (rule 903). A start, an export and what changes a device in use have no such
 * switch: they are done when the device is there.
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
 * {@link #isTried} leave out some; {@code -Dcistern.test.crash='.*' -Dcistern.test.steps=600} has
 * all of them, each with one error, and a smaller number as many of each operation. Of a driver
 * that tells of no steps, nothing can be made to fail, and the list says so. To repeat what failed,
 * ask for that operation alone and for each error: {@code -Dcistern.test.crash='stop of origin'
 * -Dcistern.test.thorough=true}.
 *
 * <p>Then each step that is a {@link io.cistern.storage.spi.Step.Kind#COMMAND} hangs once, which
 * takes a fixture that can let it, {@link PoolFixture#hanging()}: it is reported with its process,
 * which is not killed; changes of other volumes are refused and questions answered until it has
 * ended; the pool can be closed meanwhile; and before the switch has ended, the operation is not
 * reported done. Commands in the background hang as well. Of a driver that runs no commands the
 * report says so.
 */
public abstract class FaultConformance extends DisturbanceConformance {
  /** Of each class that runs, since either test has an instance of its own. */
  private static final Map<Class<?>, Map<CrashCase, PointOfNoReturn>> SWITCHES =
      new ConcurrentHashMap<>();

  /** Allows subclasses. */
  protected FaultConformance() {}

  @BeforeAll
  static final void forgetSwitches(TestInfo begun) {
    SWITCHES.put(begun.getTestClass().orElseThrow(), new ConcurrentHashMap<>());
  }

  /**
   * Makes a fresh, empty place; called for each operation on each kind.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  @Override
  protected abstract PoolFixture newPool() throws Exception;

  @TestFactory
  @Rule({312, 1001, 1003, 1004})
  final Stream<DynamicTest> rule1001_whateverFailsTheVolumeIsAsBeforeOrAfterAndGoesOn()
      throws Exception {
    CrashReport report = new CrashReport(getClass(), "faults");
    FaultSelection selection = new FaultSelection();
    return preparedTests(
            report,
            "1001",
            "1004",
            operation -> {
              PointOfNoReturn switched = pointOfNoReturn(operation);
              return (scenario, crash, leaks) -> {
                FaultRun run = new FaultRun(scenario, crash, selection, switched, leaks);
                run.run();
                return run;
              };
            })
        .onClose(() -> report.add("what failed", selection, Duration.ZERO));
  }

  /** Found once for both tests: it takes a dozen operations. */
  private PointOfNoReturn pointOfNoReturn(CrashCase crash) throws Exception {
    Map<CrashCase, PointOfNoReturn> known = Objects.requireNonNull(SWITCHES.get(getClass()));
    PointOfNoReturn switched = known.get(crash);
    if (switched == null) {
      switched = findPointOfNoReturn(crash);
      known.put(crash, switched);
    }
    return switched;
  }

  private PointOfNoReturn findPointOfNoReturn(CrashCase crash) throws Exception {
    try (PoolFixture fixture = newPool()) {
      Scenario scenario = new Scenario(fixture, "1003");
      try {
        return PointOfNoReturn.of(scenario, crash);
      } finally {
        scenario.close();
      }
    }
  }

  @TestFactory
  @Rule({1004, 1005})
  final Stream<DynamicTest> rule1005_aCommandThatHangsIsNotKilledAndNothingChangesMeanwhile()
      throws Exception {
    return preparedTests(
        new CrashReport(getClass(), "hanging-commands"),
        "1005",
        "1004",
        operation -> {
          PointOfNoReturn switched = pointOfNoReturn(operation);
          return (scenario, crash, leaks) -> {
            HangRun run = new HangRun(scenario, crash, switched, leaks);
            run.run();
            return run;
          };
        });
  }
}

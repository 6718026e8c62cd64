package io.cistern.testkit;

import io.cistern.testkit.PoolFixture.Filling;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rule 1002 as tests: at a step of an operation the pool becomes full, and stays so until the
 * operation has ended. It is done, or refused with {@code OUT_OF_SPACE}; while the pool is full,
 * every question is answered, and {@code stop(DISCARD)}, {@code removeRevision} and {@code remove}
 * work. When there is space again, the volume is as before or as after, and the operation works.
 *
 * <p>Needs a fixture that can fill its place, {@link PoolFixture#filling()}; it is skipped without.
 * The pool is filled at eight steps of each operation, on the kinds that {@link FaultConformance}
 * has; with {@code -Dcistern.test.thorough=true} at each step, on each kind. What was done is
 * listed in {@code target/crash-reports}. Of a driver that tells of no steps, the pool is full
 * before the operation begins, and the list says so.
 */
public abstract class FullConformance extends DisturbanceConformance {
  /** Allows subclasses. */
  protected FullConformance() {}

  /**
   * Makes a fresh, empty place that can be filled; called for each operation on each kind.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  @Override
  protected abstract PoolFixture newPool() throws Exception;

  @TestFactory
  @Rule(1002)
  final Stream<DynamicTest> rule1002_aPoolThatBecomesFullRefusesOrDoesAndLetsSpaceBeFreed()
      throws Exception {
    return tests(
        new CrashReport(getClass(), "full"),
        "1002",
        "1002",
        (scenario, crash, leaks) -> {
          Filling filling = Abilities.need(scenario.fixture().filling(), "fill the place");
          FullRun run = new FullRun(scenario, crash, filling, leaks);
          run.run();
          return run;
        });
  }
}

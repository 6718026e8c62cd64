package io.cistern.testkit;

import io.cistern.testkit.PoolFixture.Filling;
import java.util.Optional;
import java.util.function.Function;
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
 * has; with {@code -Dcistern.test.thorough=true} at each step, on each kind; with {@code
 * -Dcistern.test.steps=20} at as many. What was done is listed in {@code target/crash-reports}. Of
 * a driver that tells of no steps, the pool is full before the operation begins, and the list says
 * so.
 *
 * <p>All of that holds for metadata too, if the place has space apart for them that can run out:
 * {@link PoolFixture#metadataFilling()}. There are no tests of that without it.
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
    return testsOf("full", PoolFixture::filling);
  }

  /** A place without metadata of its own lacks nothing, so nothing of this is skipped there. */
  @TestFactory
  @Rule(1002)
  final Stream<DynamicTest> rule1002_aPoolWhoseMetadataBecomeFullRefusesOrDoesAndLetsSpaceBeFreed()
      throws Exception {
    try (PoolFixture fixture = newPool()) {
      if (fixture.metadataFilling().isEmpty()) {
        return Stream.empty();
      }
    }
    return testsOf("full-metadata", PoolFixture::metadataFilling);
  }

  private Stream<DynamicTest> testsOf(
      String report, Function<PoolFixture, Optional<Filling>> fillings) throws Exception {
    return tests(
        new CrashReport(getClass(), report),
        "1002",
        "1002",
        (scenario, crash, leaks) -> {
          Filling filling = Abilities.need(fillings.apply(scenario.fixture()), "fill the place");
          FullRun run = new FullRun(scenario, crash, filling, leaks);
          run.run();
          return run;
        });
  }
}

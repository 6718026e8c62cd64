package io.cistern.testkit;

import io.cistern.storage.Volume;
import io.cistern.storage.VolumeKind;
import io.cistern.testkit.PoolFixture.Filling;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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
 * so. First of all an import into the full place has to be refused, or nothing was filled.
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
    Stream<DynamicTest> tests =
        tests(
            new CrashReport(getClass(), report),
            "1002",
            "1002",
            (scenario, crash, leaks) -> {
              FullRun run = new FullRun(scenario, crash, filling(scenario, fillings), leaks);
              run.run();
              return run;
            });
    DynamicTest first =
        DynamicTest.dynamicTest("the place becomes full", () -> checkThatItFills(fillings));
    return Stream.concat(Stream.of(first), tests);
  }

  private static Filling filling(
      Scenario scenario, Function<PoolFixture, Optional<Filling>> fillings) {
    return Abilities.need(fillings.apply(scenario.fixture()), "fill the place");
  }

  /** In a place that does not become full, everything would pass. */
  private void checkThatItFills(Function<PoolFixture, Optional<Filling>> fillings)
      throws Exception {
    try (PoolFixture fixture = newPool();
        Scenario scenario = new Scenario(fixture, "1002")) {
      Filling filling = filling(scenario, fillings);
      CrashBench bench =
          new CrashBench(scenario, new CrashCase(CrashOperation.IMPORT, VolumeKind.ORIGIN));
      Volume volume = bench.prepare("filled");
      try (AutoCloseable unused = filling.fill()) {
        scenario.check(
            "an import into a full place",
            "of what needs space",
            () ->
                Explanation.assertTellsThatItIsFull(
                    "1002", "an import", failureOfImport(scenario, volume), volume));
      }
      scenario.waiting().await(importInto(scenario, volume));
      bench.remove(volume);
      scenario.tidyUp();
    }
  }

  private static Throwable failureOfImport(Scenario scenario, Volume volume) {
    return scenario.waiting().failureOf(importInto(scenario, volume));
  }

  private static CompletableFuture<Volume> importInto(Scenario scenario, Volume volume) {
    byte[] bytes = scenario.content(CrashCase.SIZE).bytes();
    return volume.importFrom(Channels.newChannel(new ByteArrayInputStream(bytes)), CrashCase.SIZE);
  }
}

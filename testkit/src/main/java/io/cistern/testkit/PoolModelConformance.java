package io.cistern.testkit;

import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Holds a driver to a model of the contract: random operations on a handful of volumes of all kinds
 * in two pools, one after the other and many at once, with everything compared that can be seen
 * (stateful, or model-based, property testing). It finds what takes more than one operation to go
 * wrong; {@link PoolConformance} comes first, and says more precisely what is.
 *
 * <pre>{@code
 * class MyDriverModelTest extends PoolModelConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlace();
 *   }
 * }
 * }</pre>
 *
 * <p>What is random comes from a seed, which names each test and each failure. {@code
 * -Dcistern.test.seed=N} begins with another one, {@code -Dcistern.test.sequences=N} runs more or
 * fewer, {@code -Dcistern.test.thorough=true} five times as many. A sequence that fails is made
 * shorter as long as it fails in the same way.
 */
@Execution(ExecutionMode.SAME_THREAD)
public abstract class PoolModelConformance {
  /** How many times as many there are in a thorough run. */
  private static final int THOROUGHNESS = 5;

  /** Allows subclasses. */
  protected PoolModelConformance() {}

  /**
   * Makes a fresh, empty place; called many times in each test.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  protected abstract PoolFixture newPool() throws Exception;

  /** Returns how many sequences there are, and how many mixes, unless the property says so. */
  protected int sequences() {
    return 10;
  }

  @TestFactory
  final Stream<DynamicTest> sequencesOfOperationsDoWhatTheModelSays() {
    return seeds("sequence", seed -> CommandSequence.of(this::newPool, seed).check());
  }

  @TestFactory
  final Stream<DynamicTest> operationsAtOnceDoWhatTheModelSays() {
    return seeds("mix", seed -> new CommandMix(this::newPool, seed).check());
  }

  private interface Seeded {
    void run(long seed) throws Exception;
  }

  private Stream<DynamicTest> seeds(String what, Seeded test) {
    int chosen = CrashCase.THOROUGH ? THOROUGHNESS * sequences() : sequences();
    long number = Long.getLong("cistern.test.sequences", chosen);
    return LongStream.range(Scenario.SEED, Scenario.SEED + number)
        .mapToObj(
            seed -> DynamicTest.dynamicTest(what + " of the seed " + seed, () -> test.run(seed)));
  }
}

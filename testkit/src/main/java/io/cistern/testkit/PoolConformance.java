package io.cistern.testkit;

/**
 * The contract that every driver keeps, as tests: {@code docs/contract.md} lists its rules, and
 * each test is named by the rule that it holds.
 *
 * <pre>{@code
 * class MyDriverConformanceTest extends PoolConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlace();
 *   }
 * }
 * }</pre>
 *
 * <p>A feature that the fixture does not claim is tested to be refused with {@code UNSUPPORTED},
 * and a quality that it does not claim to give the same result. Random content comes from a seed,
 * which failures print; {@code -Dcistern.test.seed=N} gives another one.
 */
public abstract class PoolConformance extends InterleavingRules {
  /** Allows subclasses. */
  protected PoolConformance() {}

  /**
   * Makes a fresh, empty place; called once before each test.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  @Override
  protected abstract PoolFixture newPool() throws Exception;
}

/**
 * The conformance suite: the contract that every driver keeps ({@code docs/contract.md}), as tests
 * that carry the numbers of its rules.
 *
 * <pre>{@code
 * class MyDriverConformanceTest extends PoolConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlace();
 *   }
 * }
 * }</pre>
 */
@NullMarked
package io.cistern.testkit;

import org.jspecify.annotations.NullMarked;

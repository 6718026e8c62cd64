package io.cistern.testkit.memory;

import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

/** Holds the driver of the guide to the contract. */
class MemoryConformanceTest extends PoolConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture();
  }
}

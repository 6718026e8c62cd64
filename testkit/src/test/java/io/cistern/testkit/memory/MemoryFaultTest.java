package io.cistern.testkit.memory;

import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

class MemoryFaultTest extends FaultConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture();
  }
}

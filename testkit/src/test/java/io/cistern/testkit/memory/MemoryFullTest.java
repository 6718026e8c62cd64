package io.cistern.testkit.memory;

import io.cistern.testkit.FullConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

class MemoryFullTest extends FullConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture();
  }
}

package io.cistern.testkit.memory;

import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

class MemoryAbuseTest extends AbuseConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture();
  }
}

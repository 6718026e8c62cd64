package io.cistern.testkit.memory;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PoolModelConformance;
import java.io.IOException;

/** Holds the driver of the guide to the model. */
class MemoryModelTest extends PoolModelConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture();
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PoolModelConformance;

/** Two thin pools in one volume group. */
class SimulatedLvmModelTest extends PoolModelConformance {
  @Override
  protected PoolFixture newPool() {
    return new SimulatedFixture("vg/pool", "vg/pool2");
  }
}

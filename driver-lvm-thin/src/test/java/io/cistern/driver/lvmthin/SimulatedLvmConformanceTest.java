package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;

/** Two thin pools in one volume group. */
class SimulatedLvmConformanceTest extends PoolConformance {
  @Override
  protected PoolFixture newPool() {
    return new SimulatedFixture("vg/pool", "vg/pool2");
  }
}

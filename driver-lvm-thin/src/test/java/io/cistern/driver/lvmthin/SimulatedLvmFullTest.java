package io.cistern.driver.lvmthin;

import io.cistern.testkit.FullConformance;
import io.cistern.testkit.PoolFixture;

class SimulatedLvmFullTest extends FullConformance {
  @Override
  protected PoolFixture newPool() {
    return new SimulatedFixture("vg/pool", "vg/pool2");
  }
}

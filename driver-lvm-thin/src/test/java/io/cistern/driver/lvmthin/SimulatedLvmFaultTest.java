package io.cistern.driver.lvmthin;

import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;

class SimulatedLvmFaultTest extends FaultConformance {
  @Override
  protected PoolFixture newPool() {
    return new SimulatedFixture("vg/pool", "vg/pool2");
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;

class SimulatedLvmAbuseTest extends AbuseConformance {
  @Override
  protected PoolFixture newPool() {
    return new SimulatedFixture("vg/pool", "vg/pool2");
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerCutConformance;
import java.io.IOException;

class LvmThinPowerCutGuestIT extends PowerCutConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return GuestFixture.withPower();
  }
}

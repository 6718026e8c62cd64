package io.cistern.driver.lvmthin;

import io.cistern.testkit.FullConformance;
import io.cistern.testkit.PoolFixture;

class LvmThinFullGuestIT extends FullConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  @Override
  protected boolean isTried(String operation) {
    return GuestFixture.isTried(operation);
  }
}

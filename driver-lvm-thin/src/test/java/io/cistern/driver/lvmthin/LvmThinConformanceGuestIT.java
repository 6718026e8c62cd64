package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;

/** Two thin pools in one volume group. */
class LvmThinConformanceGuestIT extends PoolConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }
}

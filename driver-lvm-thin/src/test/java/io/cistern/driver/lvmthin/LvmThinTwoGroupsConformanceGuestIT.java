package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;

/** Thin pools of equal name in two volume groups. */
class LvmThinTwoGroupsConformanceGuestIT extends PoolConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.TWO + "/" + GuestGroups.POOL);
  }
}

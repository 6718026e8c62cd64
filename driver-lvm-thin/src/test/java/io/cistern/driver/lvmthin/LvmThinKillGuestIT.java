package io.cistern.driver.lvmthin;

import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;

class LvmThinKillGuestIT extends KillConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }
}

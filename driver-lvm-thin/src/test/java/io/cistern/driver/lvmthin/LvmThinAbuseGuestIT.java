package io.cistern.driver.lvmthin;

import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;

class LvmThinAbuseGuestIT extends AbuseConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  /** Everything takes long in an emulated machine. */
  @Override
  protected int tries() {
    return Boolean.getBoolean("cistern.test.thorough") ? super.tries() : 4;
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.RivalConformance;

class LvmThinRivalGuestIT extends RivalConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  @Override
  protected int turns() {
    return 5;
  }

  @Override
  protected int kills() {
    return 2;
  }

  /** A turn takes some seconds in an emulated machine. */
  @Override
  protected int longestLife() {
    return 5_000;
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PoolModelConformance;

/** Two thin pools in one volume group. */
class LvmThinModelGuestIT extends PoolModelConformance {
  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  /** Everything takes long in an emulated machine. */
  @Override
  protected int sequences() {
    return Boolean.getBoolean("cistern.test.thorough") ? 2 : 1;
  }
}

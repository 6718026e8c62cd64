package io.cistern.driver.lvmthin;

import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;
import java.util.Set;

class LvmThinKillGuestIT extends KillConformance {
  private static final Set<String> SELECTED = Set.of("stop of origin", "import of origin");

  @Override
  protected PoolFixture newPool() {
    return new GuestFixture(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  /** Each takes some hundred commands of LVM, each of which takes half a second here. */
  @Override
  protected boolean isSelected(String operation) {
    return SELECTED.contains(operation);
  }
}

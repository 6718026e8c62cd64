package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerCutConformance;
import java.io.IOException;
import java.util.Set;

class LvmThinPowerCutGuestIT extends PowerCutConformance {
  private static final Set<String> SELECTED = Set.of("stop of origin", "revert of origin");

  @Override
  protected PoolFixture newPool() throws IOException {
    return GuestFixture.withPower();
  }

  /** Each takes some hundred commands of LVM, each of which takes half a second here. */
  @Override
  protected boolean isSelected(String operation) {
    return SELECTED.contains(operation);
  }
}

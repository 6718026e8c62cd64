package io.cistern.driver.lvmthin;

import io.cistern.storage.spi.Step;
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

  /**
   * The one sync is that of the new content's device. Who closed it last has had it written out,
   * and the thin pool commits within a second, which a command takes here. See docs/decisions/0016.
   */
  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    return sync.name().equals("fsync");
  }
}

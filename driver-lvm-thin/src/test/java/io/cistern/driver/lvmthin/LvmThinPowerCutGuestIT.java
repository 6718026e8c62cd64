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
   * No cut can show that one is missing. Those of the physical volumes flush the cache of a disk,
   * and a cut loses no cache: {@link LvmThinWriteLogGuestIT} does, and {@link FlushedMetadataTest}
   * has that they are made. Who closed the new content's device last has had that written out, and
   * the thin pool commits within a second, which a command takes here. See docs/decisions/0016.
   */
  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    return sync.name().equals("fsync");
  }
}

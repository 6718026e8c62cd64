package io.cistern.driver.lvmthin;

import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

class LvmThinFaultGuestIT extends FaultConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return GuestFixture.withHangingProgram(
        GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  @Override
  protected boolean isTried(String operation) {
    return GuestFixture.isTried(operation);
  }
}

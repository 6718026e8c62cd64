package io.cistern.driver.lvmthin;

import io.cistern.testkit.FullConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

class LvmThinFullGuestIT extends FullConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return GuestFixture.withMeteredPool();
  }

  @Override
  protected boolean isTried(String operation) {
    return GuestFixture.isTried(operation);
  }
}

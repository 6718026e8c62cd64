package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.WriteLogConformance;
import java.io.IOException;

class LvmThinWriteLogGuestIT extends WriteLogConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return GuestFixture.withWriteLog();
  }

  /** Each disk takes some dozens of commands of LVM, each of which takes half a second here. */
  @Override
  protected boolean isSelected(String operation) {
    return operation.equals("stop of origin");
  }
}

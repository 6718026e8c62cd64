package io.cistern.testkit.memory;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.RivalConformance;
import java.io.IOException;

class OnDiskRivalTest extends RivalConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new OnDiskFixture(KillBug.NONE, true);
  }
}

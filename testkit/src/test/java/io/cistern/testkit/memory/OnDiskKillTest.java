package io.cistern.testkit.memory;

import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

class OnDiskKillTest extends KillConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new OnDiskFixture(KillBug.NONE, true);
  }
}

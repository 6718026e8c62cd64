package io.cistern.testkit.memory;

import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

/** The suite on a driver with a bug; run by {@link KillsFindBugsTest} alone, hence its name. */
class BuggyKills extends KillConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new OnDiskFixture(KillsFindBugsTest.bug, true);
  }

  @Override
  protected boolean isTried(String operation) {
    return KillsFindBugsTest.bug.isOf(operation);
  }
}

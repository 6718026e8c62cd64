package io.cistern.testkit.memory;

import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

/** Abuse of a driver with a bug; run by {@link ClutterFindsBugsTest} alone, hence its name. */
class BuggyClutter extends AbuseConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return ClutterFindsBugsTest.bug.place();
  }
}

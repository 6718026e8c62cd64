package io.cistern.testkit.memory;

import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.RivalConformance;
import java.io.IOException;
import java.time.Duration;

/** The suite on a driver with a bug; run by {@link RivalsFindBugsTest} alone, hence its name. */
class BuggyRivals extends RivalConformance {
  /** What the next run has; the engine makes the instances, so it can't be handed to them. */
  static volatile KillBug bug = KillBug.LOCK_DIES_EARLY;

  @Override
  protected PoolFixture newPool() throws IOException {
    return new OnDiskFixture(bug, true) {
      /** What waits for a lock that nobody gives back waits for nothing. */
      @Override
      public Duration patience() {
        return Duration.ofSeconds(20);
      }
    };
  }
}

package io.cistern.testkit.memory;

import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

/** Abuse of a driver with a bug; run by {@link AbuseFindsBugsTest} alone, hence its name. */
class BuggyAbuse extends AbuseConformance {
  /** What the next run has; the engine makes the instances, so it can't be handed to them. */
  static volatile Bug bug = Bug.NAMES_NOT_INJECTIVE;

  @Override
  protected PoolFixture newPool() throws IOException {
    return BuggyConformance.place(bug);
  }
}

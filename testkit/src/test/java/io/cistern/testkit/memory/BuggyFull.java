package io.cistern.testkit.memory;

import io.cistern.testkit.FullConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

/** The suite on a driver with a bug; run by {@link FaultsFindBugsTest} alone, hence its name. */
class BuggyFull extends FullConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return FaultsFindBugsTest.bug.place();
  }

  @Override
  protected boolean isTried(String operation) {
    return operation.startsWith(FaultsFindBugsTest.bug.operation);
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;

/** The suite on a driver with a bug; run by {@link LvmSuitesFindBugsTest} alone, hence its name. */
class BuggyLvmFaults extends FaultConformance {
  @Override
  protected PoolFixture newPool() {
    return LvmSuitesFindBugsTest.bug.place();
  }

  @Override
  protected boolean isTried(String operation) {
    return operation.equals(LvmSuitesFindBugsTest.bug.operation);
  }
}

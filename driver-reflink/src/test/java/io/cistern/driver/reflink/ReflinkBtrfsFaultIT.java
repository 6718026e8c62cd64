package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;

class ReflinkBtrfsFaultIT extends FaultConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.BTRFS);
  }
}

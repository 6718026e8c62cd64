package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.RivalConformance;

class ReflinkXfsRivalIT extends RivalConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.XFS);
  }
}

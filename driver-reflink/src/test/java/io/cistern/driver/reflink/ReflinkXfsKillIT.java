package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;

class ReflinkXfsKillIT extends KillConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.XFS);
  }
}

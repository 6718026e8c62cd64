package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;

class ReflinkXfsAbuseIT extends AbuseConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.XFS);
  }
}

package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.FullConformance;
import io.cistern.testkit.PoolFixture;

class ReflinkXfsFullIT extends FullConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.XFS);
  }
}

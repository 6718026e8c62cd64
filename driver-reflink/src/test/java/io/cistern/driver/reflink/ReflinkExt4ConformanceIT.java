package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;

class ReflinkExt4ConformanceIT extends PoolConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.EXT4);
  }
}

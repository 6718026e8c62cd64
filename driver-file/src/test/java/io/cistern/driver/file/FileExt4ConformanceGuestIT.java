package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;

class FileExt4ConformanceGuestIT extends PoolConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }
}

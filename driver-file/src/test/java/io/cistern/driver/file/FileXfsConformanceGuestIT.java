package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;

class FileXfsConformanceGuestIT extends PoolConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.XFS);
  }
}

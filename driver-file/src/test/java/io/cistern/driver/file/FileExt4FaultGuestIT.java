package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;

class FileExt4FaultGuestIT extends FaultConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }

  @Override
  protected boolean isTried(String operation) {
    return FileFixture.isTried(operation);
  }
}

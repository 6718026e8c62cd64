package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;

class FileXfsModelGuestIT extends FileExt4ModelGuestIT {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.XFS);
  }
}

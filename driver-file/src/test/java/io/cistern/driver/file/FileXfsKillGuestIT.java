package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;

class FileXfsKillGuestIT extends FileExt4KillGuestIT {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.XFS);
  }
}

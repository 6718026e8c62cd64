package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;

class FileXfsRivalGuestIT extends FileExt4RivalGuestIT {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.XFS);
  }
}

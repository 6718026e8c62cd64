package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;

class FileXfsAbuseGuestIT extends FileExt4AbuseGuestIT {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.XFS);
  }
}

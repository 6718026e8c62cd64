package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;

class FileExt4KillGuestIT extends KillConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }
}

package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;

class FileExt4AbuseGuestIT extends AbuseConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }

  /** Everything takes long in an emulated machine. */
  @Override
  protected int tries() {
    return Boolean.getBoolean("cistern.test.thorough") ? super.tries() : 10;
  }
}

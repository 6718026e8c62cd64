package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.RivalConformance;

class FileExt4RivalGuestIT extends RivalConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }

  @Override
  protected int turns() {
    return 8;
  }

  @Override
  protected int kills() {
    return 3;
  }

  /** A turn takes about a second in an emulated machine. */
  @Override
  protected int longestLife() {
    return 3_000;
  }
}

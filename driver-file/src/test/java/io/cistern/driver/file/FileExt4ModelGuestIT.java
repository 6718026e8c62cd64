package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PoolModelConformance;

class FileExt4ModelGuestIT extends PoolModelConformance {
  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }

  /** Everything takes long in an emulated machine. */
  @Override
  protected int sequences() {
    return 2;
  }
}

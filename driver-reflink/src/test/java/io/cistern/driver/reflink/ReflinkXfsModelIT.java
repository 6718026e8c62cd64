package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PoolModelConformance;

class ReflinkXfsModelIT extends PoolModelConformance {
  @Override
  protected PoolFixture newPool() {
    return new ReflinkFixture(FileSystemUnderTest.XFS);
  }

  @Override
  protected int sequences() {
    return 5;
  }
}

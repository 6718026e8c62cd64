package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;
import java.util.Set;

class FileExt4KillGuestIT extends KillConformance {
  private static final Set<String> SELECTED =
      Set.of(
          "start of origin",
          "stop of origin",
          "discard of origin",
          "revert of origin",
          "import of origin",
          "stop of snapshot");

  @Override
  protected PoolFixture newPool() {
    return new FileFixture(FileSystemUnderTest.EXT4);
  }

  /** An emulated machine takes a quarter of a minute for each. */
  @Override
  protected boolean isSelected(String operation) {
    return SELECTED.contains(operation);
  }
}

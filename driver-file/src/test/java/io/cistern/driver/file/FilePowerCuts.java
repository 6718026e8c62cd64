package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerCutConformance;
import java.io.IOException;

/** The power cuts on one file system. */
abstract class FilePowerCuts extends PowerCutConformance {
  private final FileSystemUnderTest fileSystem;

  FilePowerCuts(FileSystemUnderTest fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return FileFixture.withPower(fileSystem);
  }
}

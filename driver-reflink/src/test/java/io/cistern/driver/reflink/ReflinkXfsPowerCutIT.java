package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;

class ReflinkXfsPowerCutIT extends ReflinkPowerCuts {
  ReflinkXfsPowerCutIT() {
    super(FileSystemUnderTest.XFS);
  }
}

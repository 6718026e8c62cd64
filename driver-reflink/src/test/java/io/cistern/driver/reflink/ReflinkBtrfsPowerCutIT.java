package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;

class ReflinkBtrfsPowerCutIT extends ReflinkPowerCuts {
  ReflinkBtrfsPowerCutIT() {
    super(FileSystemUnderTest.BTRFS);
  }
}

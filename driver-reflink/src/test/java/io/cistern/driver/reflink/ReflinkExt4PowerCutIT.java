package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;

class ReflinkExt4PowerCutIT extends ReflinkPowerCuts {
  ReflinkExt4PowerCutIT() {
    super(FileSystemUnderTest.EXT4);
  }
}

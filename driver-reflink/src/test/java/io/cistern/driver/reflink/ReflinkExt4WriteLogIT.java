package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;

class ReflinkExt4WriteLogIT extends ReflinkWriteLogs {
  ReflinkExt4WriteLogIT() {
    super(FileSystemUnderTest.EXT4);
  }
}

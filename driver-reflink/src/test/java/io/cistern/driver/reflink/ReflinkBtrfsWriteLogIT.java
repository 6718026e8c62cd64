package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;

class ReflinkBtrfsWriteLogIT extends ReflinkWriteLogs {
  ReflinkBtrfsWriteLogIT() {
    super(FileSystemUnderTest.BTRFS);
  }
}

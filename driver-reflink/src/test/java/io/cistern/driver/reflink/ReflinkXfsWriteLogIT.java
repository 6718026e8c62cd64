package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;

class ReflinkXfsWriteLogIT extends ReflinkWriteLogs {
  ReflinkXfsWriteLogIT() {
    super(FileSystemUnderTest.XFS);
  }
}

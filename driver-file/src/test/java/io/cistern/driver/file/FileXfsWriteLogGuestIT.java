package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;

class FileXfsWriteLogGuestIT extends FileWriteLogs {
  FileXfsWriteLogGuestIT() {
    super(FileSystemUnderTest.XFS);
  }
}

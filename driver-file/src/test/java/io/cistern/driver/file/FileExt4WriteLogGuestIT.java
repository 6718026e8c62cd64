package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;

class FileExt4WriteLogGuestIT extends FileWriteLogs {
  FileExt4WriteLogGuestIT() {
    super(FileSystemUnderTest.EXT4);
  }
}

package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;

class FileXfsPowerCutGuestIT extends FilePowerCuts {
  FileXfsPowerCutGuestIT() {
    super(FileSystemUnderTest.XFS);
  }
}

package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;

class FileExt4PowerCutGuestIT extends FilePowerCuts {
  FileExt4PowerCutGuestIT() {
    super(FileSystemUnderTest.EXT4);
  }
}

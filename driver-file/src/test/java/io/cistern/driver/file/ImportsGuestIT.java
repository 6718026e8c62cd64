package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.directory.testing.LoopDevice;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Imports beside what a dead process left. */
class ImportsGuestIT {
  @Test
  void whatAnEarlierImportLeftAndSomebodyFillsStays() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      Path left = disks.directory().resolve("vm/root-import.img");
      Files.write(left, new byte[(int) FilePools.SIZE]);
      FilePools.write(left, "filled");
      try (LoopDevice loop = LoopDevice.attach(left)) {
        assertThat(FilePools.refused(root.importData(FilePools.SIZE), Code.VOLUME_IN_USE))
            .hasMessageContaining("root-import.img")
            .hasMessageContaining(loop.path().toString());
        assertThat(FilePools.read(left, 6)).isEqualTo("filled");
      }
      FilePools.importText(root, "import");
      assertThat(FilePools.committed(root, 6)).isEqualTo("import");
      FilePools.get(root.remove());
    }
  }
}

package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reverts that fail, or are killed. */
class RevertsGuestIT {
  @Test
  void aRevertWithoutRoomLeavesNoDeviceAndNoStore() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      Set<String> before = FilePools.devices();
      disks
          .trap()
          .fail(
              step -> step.name().equals("fallocate") && step.detail().contains("/root-cow.img"),
              "ENOSPC");
      FilePools.refused(root.revert(), Code.OUT_OF_SPACE);
      assertThat(FilePools.devices()).isEqualTo(before);
      assertThat(disks.directory().resolve("vm/root-cow.img")).doesNotExist();
      FilePools.get(root.revert());
      assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
      FilePools.get(root.remove());
    }
  }
}

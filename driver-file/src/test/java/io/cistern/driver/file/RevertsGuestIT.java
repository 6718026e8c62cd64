package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

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

  @Test
  void aRemovalAfterAKilledRevertLeavesNoDevice() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      Set<String> before = FilePools.devices();
      disks
          .trap()
          .die(step -> step.name().equals("pwrite64") && step.detail().contains("/origin-"));
      assertThat(catchThrowable(() -> FilePools.get(root.revert()))).isNotNull();
      assertThat(FilePools.devices()).hasSize(before.size() + 2);
      disks.trap().revive();
      disks.reopen();
      FilePools.get(disks.declared("vm/root").remove());
      assertThat(FilePools.devices()).isEqualTo(before);
    }
  }
}

package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Volume;
import org.junit.jupiter.api.Test;

/** Clones that are made while their source changes. */
class ClonesGuestIT {
  @Test
  void aCloneOfAnImageThatIsNotYetTheBaseHasItsContent() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.declared("vm/root");
      FilePools.get(root.create());
      disks
          .trap()
          .fail(step -> step.name().equals("renameat") && step.detail().contains("~next"), "EIO");
      FilePools.importText(root, "second");
      assertThat(disks.trap().isSprung()).isTrue();

      Volume copy = disks.declared("vm/copy");
      FilePools.get(copy.importVolume(root));
      assertThat(FilePools.committed(copy, 6)).isEqualTo("second");
      FilePools.get(copy.remove());
      FilePools.get(root.remove());
    }
  }
}

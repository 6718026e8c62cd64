package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Volumes that are removed. */
class RemovalsGuestIT {
  /** What is left of the removed volume is the tombstone alone, which may not be durable. */
  @Test
  void aRemovalThatIsRepeatedIsNotReportedDoneWithoutASync() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      disks.trap().fail(StepTrap.call("fsync", "/vm"), "EIO");
      FilePools.refused(root.remove(), Code.IO);
      assertThat(disks.trap().isSprung()).isTrue();
      Files.deleteIfExists(disks.directory().resolve("vm/root.img.state"));

      disks.trap().act(StepTrap.call("fsync", "/vm"), () -> {});
      FilePools.get(root.remove());
      assertThat(disks.trap().isSprung()).isTrue();
    }
  }
}

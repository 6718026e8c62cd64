package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
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

  /** What was put back must not become a hole where the clone has still to read what was there. */
  @Test
  void aCloneOutlivesADiscardThatPutsZerosBack() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      disks.trap().act(StepTrap.call("lseek(SEEK_DATA)", "/root.img"), () -> putZerosBack(root));
      Volume copy = disks.declared("vm/copy");
      FilePools.get(copy.importVolume(root));
      assertThat(disks.trap().isSprung()).isTrue();
      assertThat(FilePools.committed(copy, 6)).isEqualTo("first!");
      assertThat(FilePools.committed(root, 6)).isEqualTo("\0\0\0\0\0\0");
      FilePools.get(copy.remove());
      FilePools.get(root.remove());
    }
  }

  private static void putZerosBack(Volume volume) {
    try {
      FilePools.commit(volume, "\0".repeat(4096));
      FilePools.write(FilePools.start(volume).path(), "third!");
      FilePools.get(volume.stop(StopMode.DISCARD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

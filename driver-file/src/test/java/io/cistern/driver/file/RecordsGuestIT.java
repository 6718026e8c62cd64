package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.storage.spi.Step;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Records that can neither be made durable nor be taken back, on a disk that takes no sync. */
class RecordsGuestIT {
  @Test
  void aStopWhoseRecordStaysCanBeRepeated() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = startedOnABrokenDisk(disks);

      FilePools.stop(root);
      assertThat(FilePools.get(root.state())).isEqualTo(VolumeState.STOPPED);
      assertThat(FilePools.committed(root, 6)).isEqualTo("second");
      FilePools.get(root.remove());
    }
  }

  @Test
  void aStopWhoseRecordStaysCanBeFollowedByADiscard() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = startedOnABrokenDisk(disks);

      FilePools.get(root.stop(StopMode.DISCARD));
      assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
      FilePools.get(root.remove());
    }
  }

  private static Volume startedOnABrokenDisk(FilePools disks) throws Exception {
    Volume root = disks.origin("vm/root", "first!");
    FilePools.write(FilePools.start(root).path(), "second");
    AtomicInteger failed = new AtomicInteger();
    disks.trap().failEach(step -> isLost(step, failed), "EIO");
    FilePools.refused(root.stop(), Code.IO);
    assertThat(failed).hasValue(2);
    assertThat(FilePools.get(root.state())).isEqualTo(VolumeState.STARTED);
    disks.trap().act(step -> false, () -> {});
    return root;
  }

  /** The sync of the directory, and then that of the record by which it would be taken back. */
  private static boolean isLost(Step step, AtomicInteger failed) {
    boolean isLost =
        StepTrap.call("fsync", "/vm").test(step)
            || (failed.get() > 0 && StepTrap.call("fsync", "root.img~state").test(step));
    return isLost && failed.incrementAndGet() > 0;
  }
}

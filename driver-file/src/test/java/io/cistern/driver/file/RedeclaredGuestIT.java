package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** Origins that are declared as what has no content of its own. */
class RedeclaredGuestIT {
  private static Volume snapshotOver(FilePools disks) {
    disks.reopen();
    Volume template = disks.declared("vm/template");
    return disks.pool().volume(VolumeConfig.snapshot("vm", "root").source(template.id()).build());
  }

  private static Volume volatileOver(FilePools disks) {
    disks.reopen();
    return disks
        .pool()
        .volume(VolumeConfig.volatileVolume("vm", "root").size(FilePools.SIZE).build());
  }

  private static void assertCommits(FilePools disks, String text) throws Exception {
    disks.reopen();
    Volume root = disks.declared("vm/root");
    FilePools.stop(root);
    assertThat(FilePools.committed(root, 6)).isEqualTo(text);
    FilePools.get(root.remove());
    FilePools.get(disks.declared("vm/template").remove());
  }

  @Test
  void aSnapshotDoesNotTakeTheSessionOfAnOriginForItsOwn() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/template", "templa");
      Volume root = disks.origin("vm/root", "first!");
      FilePools.write(FilePools.start(root).path(), "second");

      Volume snapshot = snapshotOver(disks);
      FilePools.refused(snapshot.start(), Code.VOLUME_DIRTY);
      FilePools.refused(snapshot.stop(), Code.VOLUME_DIRTY);
      FilePools.refused(snapshot.remove(), Code.VOLUME_DIRTY);
      FilePools.refused(volatileOver(disks).remove(), Code.VOLUME_DIRTY);

      assertCommits(disks, "second");
    }
  }

  @Test
  void aSnapshotDoesNotTakeAnOriginThatRunsForOneThatHasCrashed() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/template", "templa");
      Volume root = disks.origin("vm/root", "first!");
      Path device = FilePools.start(root).path();
      FilePools.write(device, "second");

      try (FileChannel vm = FileChannel.open(device, StandardOpenOption.WRITE)) {
        Volume snapshot = snapshotOver(disks);
        assertThat(FilePools.get(snapshot.state())).isEqualTo(VolumeState.STARTED);
        FilePools.refused(snapshot.stop(), Code.VOLUME_IN_USE);
        FilePools.refused(volatileOver(disks).remove(), Code.VOLUME_DIRTY);
        assertThat(vm.isOpen()).isTrue();
      }

      assertCommits(disks, "second");
    }
  }

  @Test
  void aSnapshotThatHasTheNameOfAnOriginDoesNotStartOverIt() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/template", "templa");
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      var revisions = FilePools.get(root.revisions());

      FilePools.refused(snapshotOver(disks).start(), Code.VOLUME_EXISTS);

      disks.reopen();
      assertThat(FilePools.get(disks.declared("vm/root").revisions())).isEqualTo(revisions);
      assertCommits(disks, "second");
    }
  }
}

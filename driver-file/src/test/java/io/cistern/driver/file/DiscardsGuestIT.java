package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeUpdate;
import org.junit.jupiter.api.Test;

/** Sessions that are dropped. */
class DiscardsGuestIT {
  /**
   * The kernel takes what it could not write for written: only writing it again brings it there.
   */
  @Test
  void whatCouldNotBeSyncedIsPutBackOnceMore() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.write(FilePools.start(root).path(), "second");
      disks.trap().fail(StepTrap.call("fsync", "/root.img"), "EIO");
      FilePools.get(root.stop(StopMode.DISCARD));
      assertThat(disks.trap().isSprung()).isTrue();

      disks.trap().act(StepTrap.call("pwrite64", "/root.img"), () -> {});
      FilePools.start(root);
      assertThat(disks.trap().isSprung()).isTrue();
      FilePools.stop(root);
      assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
      FilePools.get(root.remove());
    }
  }

  @Test
  void aSessionThatNobodyWasToKeepIsDroppedThoughItIsFoundAgainUndeclared() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      var revisions = FilePools.get(root.revisions());
      FilePools.get(root.update(VolumeUpdate.rw(false)));
      FilePools.write(FilePools.start(root).path(), "third!");
      disks.reopen();
      disks.events().clear();
      Volume again = FilePools.get(disks.pool().find("vm/root")).orElseThrow();
      FilePools.stop(again);
      assertThat(disks.events())
          .extracting(StorageEvent::type)
          .contains(StorageEvent.Type.DISCARDED)
          .doesNotContain(StorageEvent.Type.COMMITTED, StorageEvent.Type.REVISION_LOST);
      assertThat(FilePools.get(again.revisions())).isEqualTo(revisions);
      assertThat(FilePools.committed(again, 6)).isEqualTo("second");
      FilePools.get(again.revert());
      assertThat(FilePools.committed(again, 6)).isEqualTo("first!");
      FilePools.get(again.remove());
    }
  }
}

package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.disk.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Records of which a power cut has left the name and not the bytes. */
class TornRecordGuestIT {
  @Test
  void thatOfASnapshotIsInNobodysWayOnceItsNameIsAnOrigins() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      tornInAStart(disks, new byte[0]);
      Volume app = disks.declared("vm/app");
      assertThat(FilePools.get(app.state())).isEqualTo(VolumeState.STOPPED);
      FilePools.get(app.create());
      FilePools.commit(app, "second");
      FilePools.commit(app, "third!");
      FilePools.get(app.revert());
      assertThat(FilePools.committed(app, 6)).isEqualTo("second");
      FilePools.get(app.remove());
      assertThat(disks.directory().resolve("vm/app.img.state")).doesNotExist();
    }
  }

  @Test
  void thatOfASnapshotIsInNoImportsWay() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      tornInAStart(disks, new byte[4096]);
      Volume app = disks.declared("vm/app");
      FilePools.importText(app, "import");
      assertThat(FilePools.committed(app, 6)).isEqualTo("import");
      FilePools.get(app.remove());
    }
  }

  @Test
  void thatOfASnapshotIsInNobodysWayOnceItsNameIsAVolatileVolumes() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      tornInAStart(disks, new byte[0]);
      Volume app =
          disks
              .pool()
              .volume(VolumeConfig.volatileVolume("vm", "app").size(FilePools.SIZE).build());
      FilePools.start(app);
      FilePools.stop(app);
      FilePools.get(app.remove());
      assertThat(disks.directory().resolve("vm/app.img.state")).doesNotExist();
    }
  }

  @Test
  void thatOfASnapshotIsInNoStartsWay() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      tornInAStart(disks, new byte[0]);
      Volume app = disks.snapshot("vm/app", disks.declared("vm/root"));
      assertThat(FilePools.read(FilePools.start(app).path(), 6)).isEqualTo("first!");
      assertThat(FilePools.get(app.isOutdated())).isFalse();
      FilePools.stop(app);
      FilePools.get(app.remove());
    }
  }

  /** With an image, what the record said matters, and is not made up. */
  @Test
  void besideAnImageItIsRefused() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/root", "first!");
      disks.closeStorage();
      Files.write(disks.directory().resolve("vm/root.img.state"), new byte[0]);
      disks.reopen();
      Volume root = disks.declared("vm/root");
      assertThat(FilePools.refused(root.start(), Code.IO)).hasMessageContaining("root.img.state");
    }
  }

  /** It is the content, and would pass for the leftover of an import. */
  @Test
  void besideAnImageThatIsToBecomeTheBaseItIsRefused() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/root", "first!");
      disks.closeStorage();
      Path next = disks.directory().resolve("vm/root.img~next");
      Files.move(disks.directory().resolve("vm/root.img"), next);
      Files.write(disks.directory().resolve("vm/root.img.state"), new byte[0]);
      disks.reopen();
      FilePools.refused(disks.declared("vm/root").create(), Code.IO);
      assertThat(next).exists();
    }
  }

  /** Nothing of a snapshot's session is synced. */
  private static void tornInAStart(FilePools disks, byte[] left) throws Exception {
    Volume root = disks.origin("vm/root", "first!");
    FilePools.start(disks.snapshot("vm/app", root));
    disks.closeStorage();
    Command.run("sh", "-c", "dmsetup remove_all");
    Path record = disks.directory().resolve("vm/app.img.state");
    assertThat(record).exists();
    Files.write(record, left);
    disks.reopen();
  }
}

package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.disk.LoopDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Imports beside what a dead process left, and what they leave when it dies in them. */
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

  /** The record says what the content is, and the image does not have the name of it yet. */
  @Test
  void aFirstImportThatHasCommittedIsListedThoughTheProcessDiedRightThen() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      killedIn(disks, step -> step.name().equals("renameat") && step.detail().contains("~next"));
      assertThat(disks.directory().resolve("vm/root.img")).doesNotExist();

      assertThat(FilePools.get(disks.pool().volumes()))
          .extracting(volume -> volume.id().vid())
          .containsExactly("vm/root");
      FilePools.refused(disks.pool().destroy(), Code.VOLUME_EXISTS);
      Volume root = FilePools.get(disks.pool().find("vm/root")).orElseThrow();
      assertThat(FilePools.get(root.size())).hasValue(FilePools.SIZE);
      assertThat(FilePools.committed(root, 6)).isEqualTo("import");
      FilePools.get(root.remove());
      assertThat(FilePools.get(disks.pool().volumes())).isEmpty();
    }
  }

  @Test
  void aFirstImportThatHasNotCommittedIsNotListed() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      killedIn(disks, StepTrap.call("fsync", "root.img~state"));
      assertThat(disks.directory().resolve("vm/root.img~next")).exists();

      assertThat(FilePools.get(disks.pool().volumes())).isEmpty();
      assertThat(FilePools.get(disks.pool().find("vm/root"))).isEmpty();
    }
  }

  @Test
  void anImportIntoAVolumeIsListedOnceThoughTheProcessDiedRightThen() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/root", "first!");
      killedIn(disks, step -> step.name().equals("renameat") && step.detail().contains("~next"));
      assertThat(disks.directory().resolve("vm/root.img")).exists();

      assertThat(FilePools.get(disks.pool().volumes())).hasSize(1);
    }
  }

  /** A process has died in the import, and the next one in the removal. */
  @Test
  void aVolumeThatIsRemovedIsNotListedThoughAnImportThatHadCommittedIsLeft() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      disks.origin("vm/root", "first!");
      killedIn(disks, step -> step.name().equals("renameat") && step.detail().contains("~next"));
      disks.trap().die(step -> step.name().startsWith("unlink"));
      Volume root = disks.declared("vm/root");
      assertThat(catchThrowable(() -> FilePools.get(root.remove()))).isNotNull();
      disks.trap().revive();
      disks.reopen();
      assertThat(disks.directory().resolve("vm/root.img~removed")).exists();
      assertThat(disks.directory().resolve("vm/root.img~next")).exists();

      assertThat(FilePools.get(disks.pool().volumes())).isEmpty();
      assertThat(FilePools.get(disks.declared("vm/root").revisions())).isEmpty();
      FilePools.commit(disks.origin("vm/root", "other!"), "second");
      FilePools.get(disks.declared("vm/root").remove());
    }
  }

  private static void killedIn(FilePools disks, Predicate<Step> which) {
    disks.trap().die(which);
    Volume root = disks.declared("vm/root");
    assertThat(catchThrowable(() -> FilePools.importText(root, "import"))).isNotNull();
    assertThat(disks.trap().isSprung()).isTrue();
    disks.trap().revive();
    disks.reopen();
  }
}

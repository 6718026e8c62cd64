package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Exports of revisions. */
class ExportsGuestIT {
  @Test
  void theStoreThatAnExportOfALostProcessHasLeftIsInNobodysWay() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.importText(root, "second");
      disks.reopen();
      Path left = Files.createFile(disks.directory().resolve("vm/root-export-1-cow.img"));
      Volume again = disks.declared("vm/root");
      var revision = FilePools.get(again.revisions()).get(0).id();
      try (VolumeExport export = FilePools.get(again.export(revision))) {
        assertThat(FilePools.read(export.path(), 6)).isEqualTo("first!");
      }
      FilePools.commit(again, "third!");
      assertThat(left).doesNotExist();
      FilePools.get(again.remove());
    }
  }
}

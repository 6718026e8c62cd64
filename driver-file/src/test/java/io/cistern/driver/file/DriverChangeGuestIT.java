package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.testkit.disk.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A tree goes from one driver to another, as docs/operations.md tells. */
class DriverChangeGuestIT {
  @Test
  void theTreeOfThisDriverIsOpenedByFileReflinkOnceItsStoresAreDeleted() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.XFS)) {
      Volume root = disks.origin("vm/root", "first");
      FilePools.commit(root, "second");
      Volume other = disks.origin("templates/debian/root", "template");
      Volume app = disks.snapshot("vm/app", other);
      FilePools.start(app);
      FilePools.stop(app);
      disks.closeStorage();
      deleteStores(disks.directory());

      try (Storage storage = Storage.builder().build()) {
        Pool pool = FilePools.get(storage.open(disks.config("file-reflink")));
        FilePools.get(pool.setup());
        assertThat(FilePools.get(pool.volumes()))
            .extracting(volume -> volume.id().vid())
            .containsExactlyInAnyOrder("vm/root", "templates/debian/root");
        Volume same = FilePools.get(pool.find("vm/root")).orElseThrow();
        assertThat(FilePools.committed(same, 6)).isEqualTo("second");
        assertThat(FilePools.get(same.size())).hasValue(FilePools.SIZE);
        FilePools.commit(same, "third!");
        assertThat(FilePools.committed(same, 6)).isEqualTo("third!");
        Volume template = FilePools.get(pool.find("templates/debian/root")).orElseThrow();
        assertThat(FilePools.committed(template, 8)).isEqualTo("template");
      }
    }
  }

  @Test
  void aTreeWithoutRecordsIsOpenedWithItsRevisionAndItsSession() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.commit(root, "second");
      FilePools.write(FilePools.start(root).path(), "third!");
      disks.closeStorage();
      // As a process that was killed leaves it, made by one that keeps no records.
      Command.run("dmsetup", "remove", originOf(disks.directory().resolve("vm/root.img")));
      Files.delete(disks.directory().resolve("vm/root.img.state"));

      disks.reopen();
      Volume adopted = disks.declared("vm/root");
      assertThat(FilePools.get(adopted.isDirty())).isTrue();
      assertThat(FilePools.get(adopted.revisions())).hasSize(1);
      assertThat(FilePools.committed(adopted, 6)).isEqualTo("second");
      FilePools.stop(adopted);
      assertThat(FilePools.committed(adopted, 6)).isEqualTo("third!");
      FilePools.get(adopted.revert());
      assertThat(FilePools.committed(adopted, 6)).isEqualTo("second");
      FilePools.get(adopted.remove());
    }
  }

  static String originOf(Path base) throws Exception {
    return "origin-" + Command.run("stat", "--format=%D:%i", base.toString());
  }

  private static void deleteStores(Path tree) throws Exception {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.toList()) {
        if (String.valueOf(file.getFileName()).contains("-cow.img")) {
          Files.delete(file);
        }
      }
    }
  }
}

package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.testkit.disk.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process that is killed while it makes a device leaves one that has a name and no table. */
class UnfinishedDeviceGuestIT {
  @Test
  void theOriginOfAVolumeIsMadeAnew() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      Path base = disks.directory().resolve("vm/root.img");
      Command.run("dmsetup", "create", DriverChangeGuestIT.originOf(base), "--notable");

      FilePools.write(FilePools.start(root).path(), "second");
      FilePools.stop(root);
      assertThat(FilePools.committed(root, 6)).isEqualTo("second");
    }
  }

  @Test
  void theViewOfASessionIsMadeAnew() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.write(FilePools.start(root).path(), "second");
      disks.closeStorage();
      Path base = disks.directory().resolve("vm/root.img");
      Command.run("dmsetup", "remove", DriverChangeGuestIT.originOf(base));
      String view = view();
      Command.run("dmsetup", "remove", view);
      Command.run("dmsetup", "create", view, "--notable");

      disks.reopen();
      Volume again = disks.declared("vm/root");
      assertThat(FilePools.committed(again, 6)).isEqualTo("first!");
      FilePools.stop(again);
      assertThat(FilePools.committed(again, 6)).isEqualTo("second");
    }
  }

  @Test
  void aDeviceWhosePathIsMissingGetsIt() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      Volume root = disks.origin("vm/root", "first!");
      FilePools.start(root);
      Files.delete(Path.of("/dev/mapper", view()));
      try (VolumeExport export = FilePools.get(root.export())) {
        assertThat(export.size()).isEqualTo(FilePools.SIZE);
      }
      FilePools.stop(root);
    }
  }

  private static String view() throws Exception {
    List<String> names =
        Command.run("dmsetup", "ls").lines().map(line -> line.split("\t")[0]).toList();
    return names.stream().filter(name -> name.startsWith("snapshot-")).findFirst().orElseThrow();
  }
}

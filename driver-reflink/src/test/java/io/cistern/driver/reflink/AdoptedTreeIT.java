package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeKind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A tree that the driver 'file' made, or that was there before")
class AdoptedTreeIT {
  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void opensWithAllItsVolumesAndTheirContent(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.get(disks.pool().destroy());
      plant(disks.directory());
      disks.reopen();
      Disks.refused(disks.declared("vm-templates/debian", "root", 5).start(), Code.POOL_NOT_READY);
      disks.reopen();

      Disks.get(disks.pool().setup());

      assertThat(Disks.get(disks.pool().volumes()))
          .extracting(volume -> volume.id().vid())
          .containsExactly("appvms/foo/private", "vm-templates/debian/root");
      Volume root = Disks.get(disks.pool().find("vm-templates/debian/root")).orElseThrow();
      assertThat(root.kind()).isEqualTo(VolumeKind.ORIGIN);
      assertThat(root.config().size()).hasValue(5);
      assertThat(Disks.get(root.revisions()))
          .extracting(revision -> revision.id().number())
          .containsExactly(123L);
      Disks.commit(root, "ROOT2");
      assertThat(Disks.get(root.revisions()))
          .extracting(revision -> revision.id())
          .containsExactly(new RevisionId(124));
      assertThat(disks.directory().resolve("vm-templates/debian/root.img@2018-01-02T03:04:05Z"))
          .exists();
    }
  }

  private static void plant(Path directory) throws Exception {
    Path template = Files.createDirectories(directory.resolve("vm-templates/debian"));
    Files.writeString(template.resolve("root.img"), "root1");
    Files.writeString(template.resolve("root.img.123@2018-01-02T03:04:05Z"), "root0");
    Files.writeString(template.resolve("root.img@2018-01-02T03:04:05Z"), "no number");
    Path vm = Files.createDirectories(directory.resolve("appvms/foo"));
    Files.writeString(vm.resolve("private.img"), "data1");
    Files.writeString(vm.resolve("root-cow.img"), "a store of the driver 'file'");
    Files.writeString(vm.resolve("private-cow.img.old"), "another");
    Files.writeString(vm.resolve("private.img.state"), "a state");
  }
}

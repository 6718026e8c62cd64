package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Pool;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeUpdate;
import io.cistern.storage.spi.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("What an attack on the driver found")
class AttackedIT {
  private static final long SIZE = 1 << 16;

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aVmWhoseNameEndsLikeAnImportKeepsItsVolumes(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      disks.origin("data-import", "private", SIZE);
      disks.reopen();

      assertThat(Disks.get(disks.pool().volumes()))
          .extracting(volume -> volume.id().vid())
          .containsExactly("data-import/private");
      Disks.refused(disks.pool().destroy(), Code.VOLUME_EXISTS);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anOuterPoolDoesNothingToAVolumeOfAnInnerOne(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path inside = disks.directory().resolve("b");
      Pool inner = Disks.get(disks.storage().open(disks.config("inner", inside)));
      Disks.get(inner.setup());
      Volume root = inner.volume(VolumeConfig.origin("x", "root").size(SIZE).build());
      Disks.get(root.create());

      Volume intruder = disks.declared("b/x", "root", SIZE);
      Disks.refused(intruder.remove(), Code.INVALID_ARGUMENT);
      Disks.refused(intruder.resize(2 * SIZE), Code.INVALID_ARGUMENT);
      assertThat(Disks.get(root.size())).hasValue(SIZE);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void numbersGoOnThoughOnlyALeftoverCarriesTheHighest(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "one");
      Path clean = disks.directory().resolve("vm/root.img");
      Files.createLink(clean.resolveSibling("root.img.2@2026-01-01T00:00:00Z"), clean);

      Disks.get(root.removeRevision(new RevisionId(1)));
      Disks.commit(root, "two");
      assertThat(Disks.get(root.revisions()))
          .singleElement()
          .matches(revision -> revision.id().number() > 1);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anExportStaysAsItIsThoughItsVolumeRunsInPlace(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.commit(root, "backup");
      try (VolumeExport export = Disks.get(root.export())) {
        Disks.get(root.update(VolumeUpdate.revisionsToKeep(-1)));
        Disks.write(Disks.start(root).path(), 0, "smash!");
        assertThat(Disks.read(export.path(), 6)).isEqualTo("backup");
        Disks.stop(root);
      }
      assertThat(Disks.committed(root, 6)).isEqualTo("smash!");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aSetupThroughALinkThatLeadsNowhereSaysSo(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path link = disks.base().resolve("link");
      Files.createSymbolicLink(link, disks.base().resolve("nowhere"));
      Pool pool = Disks.get(disks.storage().open(disks.config("linked", link)));

      assertThat(Disks.refused(pool.setup(), Code.POOL_NOT_READY)).hasMessageContaining("nowhere");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anExportThatFailsAfterItHasItsContentLeavesNothing(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks =
        Disks.on(
            fileSystem,
            step ->
                step.detail().contains("-export-") && isAfterCreation(step)
                    ? step.errors().stream().filter("EIO"::equals).findFirst()
                    : Optional.empty())) {
      Volume root = disks.origin("vm", "root", SIZE);
      Disks.refused(root.export(), Code.IO);

      assertThat(disks.directory().resolve("vm"))
          .isDirectoryNotContaining(path -> path.toString().contains("-export-"));
    }
  }

  /** The step with which an export that has its content learns its size, or gets its mode. */
  private static boolean isAfterCreation(Step step) {
    return step.name().equals("fchmod") || step.name().equals("lseek(SEEK_END)");
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aDirectoryThatSomebodyHasPreparedStays(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path prepared = Files.createDirectory(disks.directory().resolve("appvms"));
      Files.setPosixFilePermissions(prepared, PosixFilePermissions.fromString("rwxr-x---"));
      Volume root = disks.origin("appvms", "root", 4096);
      Volume deeper = disks.origin("appvms/foo", "root", 4096);

      Disks.get(root.remove());
      Disks.get(deeper.remove());
      Disks.get(disks.declared("appvms", "none", 4096).remove());

      assertThat(prepared).isEmptyDirectory();
    }
  }
}

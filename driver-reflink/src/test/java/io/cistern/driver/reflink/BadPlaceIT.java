package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A place that is not as it should be")
class BadPlaceIT {
  private static final long SIZE = 1 << 20;

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anAbsentDirectoryHasNoUsageAndBreaksNoOtherPool(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path absent = disks.base().resolve("not/mounted");
      Pool pool = Disks.get(disks.storage().open(disks.config("absent", absent)));
      Volume volume = pool.volume(VolumeConfig.origin("vm", "root").size(SIZE).build());

      assertThat(Disks.get(pool.usage())).isEqualTo(PoolUsage.unknown());
      assertThat(Disks.get(pool.info()).notReady())
          .hasValueSatisfying(why -> assertThat(why).contains("not exist"));
      assertThat(Disks.refused(volume.create(), Code.POOL_NOT_READY))
          .hasMessageContaining(absent.toString())
          .hasMessageContaining("mount");
      assertThat(absent).doesNotExist();
      assertThat(Disks.get(disks.storage().usage()).size()).isPresent();
      disks.origin("vm", "root", SIZE);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void theEmptyDirectoryUnderAnUnmountedFileSystemIsNoPool(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path mountPoint = Files.createDirectory(disks.base().resolve("mount-point"));
      Pool pool = Disks.get(disks.storage().open(disks.config("unmounted", mountPoint)));
      Volume volume = pool.volume(VolumeConfig.origin("vm", "root").size(SIZE).build());

      assertThat(Disks.refused(volume.create(), Code.POOL_NOT_READY))
          .hasMessageContaining("it has no .cistern-pool");
      assertThat(Disks.get(pool.usage())).isEqualTo(PoolUsage.unknown());
      assertThat(mountPoint).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aPoolThatAppearsLaterIsTakenIntoPossessionThen(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      Path aside = disks.base().resolve("aside");
      Files.move(disks.directory(), aside);
      Volume root = disks.declared("vm", "root", SIZE);
      Disks.refused(root.start(), Code.POOL_NOT_READY);

      Files.move(aside, disks.directory());
      assertThat(Disks.read(Disks.start(root).path(), 6)).isEqualTo("before");
      try (Storage second = Storage.builder().build()) {
        Disks.refused(second.open(disks.config()), Code.LOCKED);
      }
      Disks.stop(root);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aReadOnlyFileSystemAnswersQuestionsAndRefusesChanges(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Disks.commit(disks.origin("vm", "root", SIZE), "before");
      disks.closeStorage();
      try (ReadOnlyMount mount = new ReadOnlyMount(disks.directory());
          Storage storage = Storage.builder().build()) {
        Pool pool = Disks.get(storage.open(disks.config("ro", mount.path())));
        Volume root = pool.volume(VolumeConfig.origin("vm", "root").build());

        assertThat(Disks.get(root.size())).hasValue(SIZE);
        assertThat(Disks.get(root.revisions())).hasSize(1);
        assertThat(Disks.get(pool.usage()).size()).isPresent();
        Disks.get(root.verify());
        for (var change : java.util.List.of(root.start(), root.resize(2 * SIZE), root.revert())) {
          assertThat(Disks.refused(change, Code.POOL_NOT_READY)).hasMessageContaining("EROFS");
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aSymbolicLinkInPlaceOfAnImageIsNeverFollowed(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path outside = Files.writeString(disks.base().resolve("outside.img"), "outside");
      Volume root = disks.origin("vm", "root", SIZE);
      Path image = disks.directory().resolve("vm/root.img");
      Files.delete(image);
      Files.createSymbolicLink(image, outside);

      Disks.refused(root.start(), Code.VOLUME_NOT_FOUND);
      Disks.refused(root.verify(), Code.VOLUME_NOT_FOUND);
      Disks.refused(root.export(), Code.IO);
      Disks.refused(root.create(), Code.IO);
      assertThat(image).isSymbolicLink();
      assertThat(outside).hasContent("outside");
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aSymbolicLinkOnTheWayToAnImageIsNeverFollowed(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path outside = Files.createDirectory(disks.base().resolve("outside"));
      Files.createSymbolicLink(disks.directory().resolve("vm"), outside);
      Volume root = disks.declared("vm", "root", SIZE);

      assertThat(Disks.refused(root.create(), Code.IO)).hasMessageContaining("symbolic link");
      assertThat(outside).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aDirectoryOfAnotherPoolIsNotUsedThroughTheOuterOne(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path inside = disks.directory().resolve("nested");
      Pool nested = Disks.get(disks.storage().open(disks.config("nested", inside)));
      Disks.get(nested.setup());
      Disks.get(nested.volume(VolumeConfig.origin("vm", "root").size(SIZE).build()).create());

      assertThat(Disks.get(disks.pool().volumes())).isEmpty();
      Volume intruder = disks.declared("nested/vm", "other", SIZE);
      assertThat(Disks.refused(intruder.create(), Code.INVALID_ARGUMENT))
          .hasMessageContaining("another pool");
      assertThat(Disks.get(nested.includedIn(disks.storage().pools()))).contains(disks.pool());
    }
  }

  @ParameterizedTest
  @EnumSource(value = FileSystemUnderTest.class, names = "EXT4")
  void aFileSystemWithoutReflinksIsRefusedUnlessAllowed(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path strict = disks.base().resolve("deep/strict");
      Pool pool =
          Disks.get(
              disks
                  .storage()
                  .open(
                      io.cistern.storage.PoolConfig.builder("strict", "file-reflink")
                          .set("dir_path", strict.toString())
                          .build()));
      assertThat(Disks.refused(pool.setup(), Code.UNSUPPORTED))
          .hasMessageContaining("setup_check=no")
          .hasMessageContaining("ext4");
      assertThat(strict.getParent()).doesNotExist();
    }
  }
}

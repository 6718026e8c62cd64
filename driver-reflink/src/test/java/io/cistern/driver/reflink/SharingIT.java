package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.linux.Access;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import io.cistern.storage.Pool;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.testkit.disk.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Clones share blocks, or keep holes")
class SharingIT {
  private static final long SIZE = 16 << 20;
  private static final int DATA = 1 << 20;

  @ParameterizedTest
  @EnumSource(
      value = FileSystemUnderTest.class,
      names = {"BTRFS", "XFS"})
  void withReflinksAllBlocksAreSharedWithinAndAcrossPools(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume source = sourceWithData(disks);
      Volume clone = disks.declared("vm", "clone", SIZE);
      Disks.get(clone.importVolume(source));
      assertAllShared(disks.directory().resolve("vm/clone.img"));

      Pool other =
          Disks.get(disks.storage().open(disks.config("other", disks.base().resolve("b"))));
      Disks.get(other.setup());
      Volume across = other.volume(VolumeConfig.origin("vm", "across").build());
      Disks.get(across.importVolume(source));
      assertAllShared(disks.base().resolve("b/vm/across.img"));
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aCloneTakesNoMoreSpaceThanTheDataOfItsSource(FileSystemUnderTest fileSystem)
      throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume source = sourceWithData(disks);
      Volume clone = disks.declared("vm", "clone", SIZE);
      Disks.get(clone.importVolume(source));

      Path image = disks.directory().resolve("vm/clone.img");
      assertThat(Files.size(image)).isEqualTo(SIZE);
      assertThat(Files.mismatch(image, disks.directory().resolve("vm/source.img"))).isEqualTo(-1);
      assertThat(allocated(image)).isBetween((long) DATA, 2L * DATA);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anImportWritesNoZeros(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Path zeros = disks.base().resolve("zeros");
      Files.write(zeros, new byte[4 * DATA]);
      Volume volume = disks.declared("vm", "zeros", SIZE);
      try (var channel = Files.newByteChannel(zeros)) {
        Disks.get(volume.importFrom(channel, 4 * DATA));
      }
      assertThat(allocated(disks.directory().resolve("vm/zeros.img"))).isLessThan(DATA);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void aHolePunchedByAVmFreesItsSpaceAtTheCommit(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume volume = sourceWithData(disks);
      Path dirty = Disks.start(volume).path();
      Command.run("fallocate", "--punch-hole", "--length", "" + DATA, dirty.toString());
      Disks.stop(volume);
      assertThat(allocated(disks.directory().resolve("vm/source.img"))).isLessThan(DATA);
    }
  }

  private static Volume sourceWithData(Disks disks) throws IOException {
    Volume source = disks.origin("vm", "source", SIZE);
    byte[] data = new byte[DATA];
    new java.util.Random(1).nextBytes(data);
    Files.write(Disks.start(source).path(), data, java.nio.file.StandardOpenOption.WRITE);
    Disks.stop(source);
    return source;
  }

  private static long allocated(Path file) throws IOException {
    return 512 * Long.parseLong(Command.run("stat", "--format=%b", file.toString()));
  }

  private static void assertAllShared(Path image) throws IOException {
    try (OpenFile file = Linux.create().openFile(image, Access.READ)) {
      assertThat(file.syncedExtents()).isNotEmpty().allMatch(extent -> extent.shared());
    }
  }
}

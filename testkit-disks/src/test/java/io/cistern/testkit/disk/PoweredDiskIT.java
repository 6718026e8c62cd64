package io.cistern.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoweredDiskIT {
  private static final long SIZE = 1 << 20;

  private final Path directory = Places.of(FileSystemType.BTRFS);
  private Set<Path> before;

  @BeforeEach
  void list() throws IOException {
    before = listed(directory);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(listed(directory)).isEqualTo(before);
    assertThat(LoopDevice.backedBelow(directory)).isEmpty();
  }

  private static Set<Path> listed(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return Set.copyOf(files.toList());
    }
  }

  /** Writes the first byte, and waits until the disk has it. */
  private static void write(LoopDevice loop, int value) throws IOException {
    try (FileChannel channel = FileChannel.open(loop.path(), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) value}));
      channel.force(false);
    }
  }

  private static int read(PoweredDisk disk) throws IOException {
    try (LoopDevice loop = LoopDevice.attach(disk.image());
        FileChannel channel = FileChannel.open(loop.path())) {
      ByteBuffer first = ByteBuffer.allocate(1);
      channel.read(first);
      return first.get(0);
    }
  }

  @Test
  void aBootBringsBackWhatTheDiskHeldAtTheCut() throws IOException {
    try (PoweredDisk disk = PoweredDisk.empty(directory, SIZE)) {
      int first;
      int second;
      try (LoopDevice loop = LoopDevice.attach(disk.image())) {
        write(loop, 1);
        first = disk.cut();
        write(loop, 2);
        second = disk.cut();
        write(loop, 3);
      }

      disk.boot(first);
      assertThat(read(disk)).isEqualTo(1);
      disk.boot(second);
      assertThat(read(disk)).isEqualTo(2);
    }
  }

  @Test
  void aCutCanBeBootedAgainAndOthersMadeAfterIt() throws IOException {
    try (PoweredDisk disk = PoweredDisk.empty(directory, SIZE)) {
      int first;
      try (LoopDevice loop = LoopDevice.attach(disk.image())) {
        write(loop, 1);
        first = disk.cut();
      }
      disk.boot(first);
      int other;
      try (LoopDevice loop = LoopDevice.attach(disk.image())) {
        write(loop, 2);
        other = disk.cut();
      }
      disk.boot(first);
      assertThat(read(disk)).isEqualTo(1);
      disk.boot(other);
      assertThat(read(disk)).isEqualTo(2);
    }
  }

  @Test
  void cutsBetweenWhichNothingWasWrittenAreOne() throws IOException {
    try (PoweredDisk disk = PoweredDisk.empty(directory, SIZE);
        LoopDevice loop = LoopDevice.attach(disk.image())) {
      write(loop, 1);
      int cut = disk.cut();

      assertThat(disk.cut()).isEqualTo(cut);
      write(loop, 1);
      assertThat(disk.cut()).isNotEqualTo(cut);
    }
  }

  @Test
  void aCopyIsAnotherDisk() throws IOException {
    try (PoweredDisk disk = PoweredDisk.empty(directory, SIZE)) {
      try (LoopDevice loop = LoopDevice.attach(disk.image())) {
        write(loop, 1);
      }
      try (PoweredDisk copy = disk.copy()) {
        try (LoopDevice loop = LoopDevice.attach(disk.image())) {
          write(loop, 2);
        }
        assertThat(read(copy)).isEqualTo(1);
      }
    }
  }

  @Test
  void aDiskThatNoOneAttachedHasNoPowerToCut() throws IOException {
    try (PoweredDisk disk = PoweredDisk.empty(directory, SIZE)) {
      assertThatThrownBy(disk::cut)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(disk.image().toString());
    }
  }

  @Test
  void aDirectoryWithoutReflinksIsRefusedWithWhatToDo() throws IOException {
    Path ext4 = Places.of(FileSystemType.EXT4);
    Set<Path> there = listed(ext4);

    assertThatThrownBy(() -> PoweredDisk.empty(ext4, SIZE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(ext4.toString())
        .hasMessageContaining("use one on btrfs, or on XFS");
    assertThat(listed(ext4)).isEqualTo(there);
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() {
    Path absent = directory.resolve("absent");
    assertThatThrownBy(() -> PoweredDisk.empty(absent, SIZE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(absent + ": no directory");
  }

  @Test
  void aDirectoryMayBeNamedInAnyWay() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
    Path relative = Path.of("").toAbsolutePath().relativize(link);
    try (PoweredDisk disk = PoweredDisk.empty(relative, SIZE);
        LoopDevice loop = LoopDevice.attach(disk.image())) {
      write(loop, 1);
      assertThat(disk.cut()).isEqualTo(1);
    } finally {
      Files.delete(link);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemType.class)
  void whatWasSyncedOnAFileSystemIsThereAfterABootAndWhatWasNotIsNot(FileSystemType type)
      throws IOException {
    try (PoweredFileSystem powered = PoweredFileSystem.make(type, directory)) {
      Path synced = Files.writeString(powered.directory().resolve("synced"), "synced");
      powered.sync();
      Path lost = Files.writeString(powered.directory().resolve("lost"), "lost");
      powered.boot(powered.cut());

      assertThat(synced).hasContent("synced");
      assertThat(lost).doesNotExist();
    }
  }
}

package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloneIT extends InDirectory {
  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS"})
  void aCloneSharesAllExtentsAndHasTheSize(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile source = directory.createFile("source")) {
      source.truncate((16 << 20) + 512);
      source.write(TestFiles.noise(1, 1 << 20), 4 << 20);
      try (OpenFile target = cloneExpected(source, directory)) {
        List<Extent> extents = target.syncedExtents();

        assertThat(target.size()).isEqualTo((16 << 20) + 512);
        assertThat(extents).isNotEmpty().allMatch(Extent::shared);
        assertThat(extents)
            .extracting(Extent::physical)
            .isEqualTo(source.extents().stream().map(Extent::physical).toList());
      }
    }
    assertThat(Files.mismatch(path.resolve("source"), path.resolve("target"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS"})
  void whatIsWrittenToACloneIsNotInItsSource(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile source = directory.createFile("source")) {
      source.write(TestFiles.noise(1, 1 << 20), 0);
      try (OpenFile target = cloneExpected(source, directory)) {
        target.write(TestFiles.noise(2, 65536), 65536);

        assertThat(target.syncedExtents())
            .anyMatch(Extent::shared)
            .anyMatch(Predicate.not(Extent::shared));
      }
    }
    assertThat(path.resolve("source")).hasBinaryContent(TestFiles.noise(1, 1 << 20).array());
  }

  /** As XFS of older kernels does when there is no more room. */
  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS"})
  void aCloneThatEndsTooEarlyIsAFailureAndLeavesNothing(TestFileSystem fileSystem)
      throws IOException {
    open(fileSystem);
    Files.write(path.resolve("source"), TestFiles.noise(1, 1 << 20).array());
    Linux linux = Linux.create(TestSeam.after("ioctl(FICLONE)", () -> cut(path.resolve("target"))));
    try (Directory same = linux.openDirectory(path);
        OpenFile source = same.openFile("source", Access.READ)) {
      assertThatThrownBy(() -> cloneExpected(source, same))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("target")
          .hasMessageContaining("cloned 65536 of 1048576 bytes");
    }
    assertThat(directory.list()).containsExactly("source");
  }

  private static void cut(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(65536);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void ext4CannotCloneAndTheCopyHasTheContent() throws IOException {
    open(TestFileSystem.EXT4);
    try (OpenFile source = directory.createFile("source")) {
      source.write(TestFiles.noise(1, 1 << 20), 4 << 20);
      try (OpenFile other = directory.createFile("other")) {
        assertThatThrownBy(() -> other.cloneFrom(source))
            .isInstanceOfSatisfying(
                SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP));
      }
      try (OpenFile target = cloneExpected(source, directory)) {
        assertThat(target.syncedExtents()).isNotEmpty().noneMatch(Extent::shared);
        assertThat(target.status().allocated()).isLessThan(2 << 20);
      }
    }
    assertThat(Files.mismatch(path.resolve("source"), path.resolve("target"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void aCloneFromAnotherFileSystemIsACopy(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    Path elsewhere = Files.createTempFile("linux-io-", ".img");
    try {
      Files.write(elsewhere, TestFiles.noise(1, 100_000).array());
      try (OpenFile source = Linux.create().openFile(elsewhere, Access.READ)) {
        try (OpenFile other = directory.createFile("other")) {
          assertThatThrownBy(() -> other.cloneFrom(source))
              .isInstanceOfSatisfying(
                  SystemCallException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EXDEV));
        }
        cloneExpected(source, directory).close();
      }
      assertThat(Files.mismatch(elsewhere, path.resolve("target"))).isEqualTo(-1);
    } finally {
      Files.delete(elsewhere);
    }
  }

  @ParameterizedTest
  @EnumSource
  void moreExtentsThanOneRequestTellsAreAllTold(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile file = directory.createFile("fragmented")) {
      int pieces = 1500;
      for (int i = 0; i < pieces; i++) {
        file.write(TestFiles.noise(i, 4096), i * 16384L);
      }
      // XFS fills the gaps with blocks that it allocates in advance.
      List<Extent> extents =
          file.syncedExtents().stream().filter(Predicate.not(Extent::unwritten)).toList();

      assertThat(extents.size()).isEqualTo(pieces);
      assertThat(extents.get(pieces - 1).logical()).isEqualTo((pieces - 1) * 16384L);
    }
  }

  @Test
  void aCloneWorksAcrossSubvolumesWhereALinkDoesNot() throws IOException {
    open(TestFileSystem.BTRFS);
    TestFiles.run("btrfs", "subvolume", "create", path.resolve("sub").toString());
    try (OpenFile source = directory.createFile("source");
        Directory subvolume = directory.open("sub")) {
      source.write(TestFiles.noise(1, 1 << 20), 0);
      try (OpenFile target = cloneExpected(source, subvolume)) {
        assertThat(target.syncedExtents()).isNotEmpty().allMatch(Extent::shared);
        assertThat(target.status().device()).isNotEqualTo(source.status().device());
      }
    } finally {
      TestFiles.run("btrfs", "subvolume", "delete", path.resolve("sub").toString());
    }
  }

  private static OpenFile cloneExpected(OpenFile source, Directory directory) throws IOException {
    return DurableFiles.cloneOrCopy(
        source, directory, "target", CopyListener.none(), CloneExpectation.EXPECT_CLONE);
  }
}

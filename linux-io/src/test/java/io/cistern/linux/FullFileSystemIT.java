package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On file systems small enough to be filled up, where nothing else runs meanwhile. */
@Timeout(300)
class FullFileSystemIT extends InDirectory {
  private static final int PIECES = 2000;
  private static final int CLONES = 3000;

  @Override
  Path newDirectory(TestFileSystem fileSystem) throws IOException {
    return fileSystem.newSmallDirectory();
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatFindsNoSpaceFailsSoAndLeavesNothing(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile source = fragmented("source")) {
      fillUpButForSomeRoom();
      List<String> before = directory.list();
      Optional<SystemCallException> failure = Optional.empty();
      for (int i = 0; i < CLONES && failure.isEmpty(); i++) {
        before = directory.list();
        failure = makeClone(source, "clone" + i);
      }

      assertThat(failure.orElseThrow().errno().meaning()).isEqualTo(Errno.Meaning.OUT_OF_SPACE);
      assertThat(directory.list()).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"BTRFS", "XFS"})
  void aCloneThatRunsOutOfSpaceMidwayFailsSo(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    for (int i = 0; i < CLONES; i++) {
      directory.createFile("clone" + i).close();
    }
    try (OpenFile source = fragmented("source")) {
      fillUpButForSomeRoom();
      Optional<SystemCallException> failure = Optional.empty();
      for (int i = 0; i < CLONES && failure.isEmpty(); i++) {
        failure = cloneInto("clone" + i, source);
      }

      assertThat(failure.orElseThrow().call()).isEqualTo("ioctl(FICLONE)");
      assertThat(failure.orElseThrow().errno().meaning()).isEqualTo(Errno.Meaning.OUT_OF_SPACE);
    }
  }

  private Optional<SystemCallException> makeClone(OpenFile source, String name) throws IOException {
    try (OpenFile clone =
        DurableFiles.cloneOrCopy(
            source, directory, name, CopyListener.none(), CloneExpectation.COPY_WILL_DO)) {
      clone.sync();
      return Optional.empty();
    } catch (SystemCallException e) {
      return Optional.of(e);
    }
  }

  private Optional<SystemCallException> cloneInto(String name, OpenFile source) throws IOException {
    try (OpenFile clone = directory.openFile(name, Access.READ_WRITE)) {
      clone.cloneFrom(source);
      clone.sync();
      return Optional.empty();
    } catch (SystemCallException e) {
      return Optional.of(e);
    }
  }

  /** A clone of many extents takes metadata. */
  private OpenFile fragmented(String name) throws IOException {
    OpenFile file = directory.createFile(name);
    for (int i = 0; i < PIECES; i++) {
      file.write(TestFiles.noise(i, 4096), i * 8192L);
    }
    file.sync();
    return file;
  }

  /** The room is a file of its own: a full btrfs was seen to refuse even to shrink one. */
  private void fillUpButForSomeRoom() throws IOException {
    try (OpenFile room = directory.createFile("room")) {
      room.write(TestFiles.noise(1, 4 << 20), 0);
      room.sync();
    }
    try (OpenFile filler = directory.createFile("filler")) {
      // In ever smaller pieces: what refuses a large one may take a small one.
      int piece = 1 << 20;
      while (piece >= 4096) {
        piece = writes(filler, piece) ? piece : piece / 4;
      }
    }
    directory.unlink("room");
    directory.sync();
  }

  private static boolean writes(OpenFile filler, int piece) throws IOException {
    try {
      filler.write(TestFiles.noise(1, piece), filler.size());
      filler.sync();
      return true;
    } catch (SystemCallException e) {
      assertThat(e.errno().meaning()).isEqualTo(Errno.Meaning.OUT_OF_SPACE);
      return false;
    }
  }
}

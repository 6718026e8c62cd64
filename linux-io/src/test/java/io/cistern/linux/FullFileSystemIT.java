package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each test has a file system of its own to fill up, so none runs beside another on the same. */
@Timeout(300)
class FullFileSystemIT {
  private static final int PIECES = 2000;

  private Path path;
  private Directory directory;

  @AfterEach
  void closeAndCheckForLeaks() throws IOException {
    if (directory != null) {
      directory.close();
      assertThat(TestFiles.openBelow(path)).isEmpty();
      TestFiles.deleteRecursively(path);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCloneThatFindsNoSpaceFailsSoAndLeavesNothing(TestFileSystem fileSystem) throws IOException {
    path = fileSystem.newSmallDirectory();
    directory = Linux.create().openDirectory(path);
    try (OpenFile source = directory.createFile("source")) {
      for (int i = 0; i < PIECES; i++) {
        source.write(TestFiles.noise(i, 4096), i * 8192L);
      }
      source.sync();
      try (OpenFile room = directory.createFile("room")) {
        room.write(TestFiles.noise(1, 4 << 20), 0);
        room.sync();
      }
      fillUp();
      // Enough for some clones, so that it is not always the new name that finds no room.
      directory.unlink("room");
      directory.sync();
      List<String> before = directory.list();
      Optional<SystemCallException> failure = Optional.empty();
      for (int i = 0; i < 3000 && failure.isEmpty(); i++) {
        before = directory.list();
        failure = clone(source, "clone" + i);
      }

      assertThat(failure.orElseThrow().errno().meaning()).isEqualTo(Errno.Meaning.OUT_OF_SPACE);
      assertThat(directory.list()).isEqualTo(before);
    }
  }

  private Optional<SystemCallException> clone(OpenFile source, String name) throws IOException {
    try (OpenFile clone =
        DurableFiles.cloneOrCopy(
            source, directory, name, CopyListener.none(), CloneExpectation.COPY_WILL_DO)) {
      clone.sync();
      return Optional.empty();
    } catch (SystemCallException e) {
      return Optional.of(e);
    }
  }

  /** In ever smaller pieces, since a file system may refuse a large one and take a small one. */
  private void fillUp() throws IOException {
    try (OpenFile filler = directory.createFile("filler")) {
      int piece = 1 << 20;
      while (piece >= 4096) {
        try {
          filler.write(TestFiles.noise(1, piece), filler.size());
          filler.sync();
        } catch (SystemCallException e) {
          assertThat(e.errno().meaning()).isEqualTo(Errno.Meaning.OUT_OF_SPACE);
          piece /= 4;
        }
      }
    }
  }
}

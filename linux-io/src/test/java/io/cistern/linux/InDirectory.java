package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** A test in a directory of a file system, which leaves no descriptor open in it. */
abstract class InDirectory {
  Path path;
  Directory directory;

  /** Opens a fresh directory; called by each test for its file system. */
  final void open(TestFileSystem fileSystem) throws IOException {
    path = newDirectory(fileSystem);
    directory = Linux.create().openDirectory(path);
  }

  Path newDirectory(TestFileSystem fileSystem) throws IOException {
    return fileSystem.newDirectory();
  }

  @AfterEach
  final void closeAndCheckForLeaks() throws IOException {
    if (directory != null) {
      directory.close();
      assertThat(TestFiles.openBelow(path)).isEmpty();
      TestFiles.deleteRecursively(path);
    }
  }
}

package io.cistern.linux;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The real file systems that tests named IT work on, see {@code dev/testbed}. */
enum TestFileSystem {
  BTRFS,
  XFS,
  EXT4;

  boolean clones() {
    return this != EXT4;
  }

  /** Makes an empty directory, or skips the test. */
  Path newDirectory() throws IOException {
    return newDirectory("cistern.test." + lowerCase());
  }

  /** Makes an empty directory on one that is small enough to be filled up, or skips the test. */
  Path newSmallDirectory() throws IOException {
    return newDirectory("cistern.test." + lowerCase() + ".small");
  }

  private String lowerCase() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static Path newDirectory(String property) throws IOException {
    String directory = System.getProperty(property, "");
    if (directory.isEmpty() && Boolean.getBoolean("cistern.test.strict")) {
      fail("the system property " + property + " names no directory");
    }
    assumeTrue(!directory.isEmpty(), "the system property " + property + " names no directory");
    return Files.createTempDirectory(Path.of(directory), "linux-io-");
  }
}

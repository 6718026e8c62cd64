package io.cistern.directory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The file systems that {@code dev/test} mounts for the tests. */
public enum FileSystemUnderTest {
  BTRFS("cistern.test.btrfs", true),
  XFS("cistern.test.xfs", true),
  EXT4("cistern.test.ext4", false);

  private final String property;
  private final boolean reflinks;

  FileSystemUnderTest(String property, boolean reflinks) {
    this.property = property;
    this.reflinks = reflinks;
  }

  /** Tells whether clones share blocks on it. */
  public boolean hasReflinks() {
    return reflinks;
  }

  /** Returns where it is mounted; without it, the test is skipped and says why. */
  public Path directory() {
    String value = System.getProperty(property, "");
    if (Boolean.getBoolean("cistern.test.strict")) {
      assertThat(value).as("%s must be mounted for a complete run", this).isNotEmpty();
    }
    assumeTrue(
        !value.isEmpty(), () -> "needs " + this + ", which dev/test mounts (-D" + property + ")");
    Path directory = Path.of(value);
    assertThat(Files.isDirectory(directory)).as("%s at %s", this, directory).isTrue();
    return directory;
  }
}

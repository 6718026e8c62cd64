package io.cistern.directory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cistern.testkit.disk.FileSystemType;
import io.cistern.testkit.disk.LoggedFileSystem;
import io.cistern.testkit.disk.PoweredFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file systems that {@code dev/test} mounts for the tests. */
public enum FileSystemUnderTest {
  BTRFS(FileSystemType.BTRFS, "cistern.test.btrfs", true),
  XFS(FileSystemType.XFS, "cistern.test.xfs", true),
  EXT4(FileSystemType.EXT4, "cistern.test.ext4", false);

  private final FileSystemType type;
  private final String property;
  private final boolean reflinks;

  FileSystemUnderTest(FileSystemType type, String property, boolean reflinks) {
    this.type = type;
    this.property = property;
    this.reflinks = reflinks;
  }

  /** Tells whether clones share blocks on it. */
  public boolean hasReflinks() {
    return reflinks;
  }

  /**
   * Makes a new one of this type, whose power can be cut.
   *
   * @param outer what the images of its disk lie on
   */
  public PoweredFileSystem makePowered(FileSystemUnderTest outer) throws IOException {
    return PoweredFileSystem.make(type, outer.directory());
  }

  /** Makes a new one of this type, whose disk may lose what it has not flushed. */
  public LoggedFileSystem makeLogged() throws IOException {
    return LoggedFileSystem.make(type, directory());
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

package io.cistern.storage.spi;

import io.cistern.storage.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a pool physically is, for {@link Pool#includedIn}. {@link AbstractPool} implements it; a
 * driver that implements {@link Pool} directly may too, so that its pools are found as containers.
 */
public interface PoolLocation {
  /** Returns the directory that holds the pool's volumes, if it is a directory. */
  Optional<Path> directory();

  /**
   * Tells whether a block device lies on one of the pool's volumes. Blocking.
   *
   * @param majorMinor the device's number, as {@code /proc/self/mountinfo} writes it: {@code 253:3}
   */
  boolean containsDevice(String majorMinor);

  /**
   * Names the place of a pool that is a directory, for {@link PoolDriver#place}: by the directory's
   * device and inode where it exists, else by its path below the deepest directory that does.
   */
  static String directoryPlace(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (Files.notExists(absolute) && parent != null) {
      return directoryPlace(parent) + "/" + absolute.getFileName();
    }
    try {
      return "directory %s:%s"
          .formatted(
              Files.getAttribute(directory, "unix:dev"), Files.getAttribute(directory, "unix:ino"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return "directory " + absolute;
    }
  }
}

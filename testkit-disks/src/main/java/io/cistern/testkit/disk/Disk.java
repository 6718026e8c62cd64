package io.cistern.testkit.disk;

import io.cistern.testkit.PowerSupply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A disk that fails in some way: an image, to be attached to one loop device at most. */
public abstract sealed class Disk implements PowerSupply, AutoCloseable
    permits PoweredDisk, LoggedDisk {
  private final Path place;

  /** Makes a directory for it in another, by the path that the kernel has of that. */
  Disk(Path directory, String prefix) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(
          directory + ": no directory is there in which a disk could be made");
    }
    this.place = Files.createTempDirectory(directory.toRealPath(), prefix);
  }

  /** Returns the directory that all is in. */
  final Path place() {
    return place;
  }

  /** Returns what is to be attached; it may be another path after a boot. */
  public abstract Path image();

  /** Removes it; nothing is attached to it any more. */
  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(place);
  }
}

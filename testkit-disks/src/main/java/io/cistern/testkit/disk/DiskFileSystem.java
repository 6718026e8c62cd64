package io.cistern.testkit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * A new file system for one fixture, mounted, on a disk that fails in some way. Not safe for use by
 * many threads.
 */
public abstract sealed class DiskFileSystem implements AutoCloseable
    permits PoweredFileSystem, LoggedFileSystem {
  private final FileSystemType type;
  private final Path mount;
  private boolean mounted;

  /** Makes the directory that it is going to be mounted on. */
  DiskFileSystem(FileSystemType type, Path place) throws IOException {
    this.type = type;
    this.mount = Files.createDirectory(place.resolve("mount"));
  }

  /** Makes a directory for a disk, by the path that the kernel has of it. */
  static Path newPlace(Path directory, String prefix) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(
          directory + ": no directory is there in which a disk could be made");
    }
    return Files.createTempDirectory(directory.toRealPath(), prefix);
  }

  /** Returns where it is mounted, always the same. */
  public final Path directory() {
    return mount;
  }

  /** Makes all durable that is there. */
  public final void sync() throws IOException {
    Command.run("sync", "--file-system", mount.toString());
  }

  /** Mounts an image that it is on. */
  final void mount(Path image) throws IOException {
    type.mount(image, mount);
    mounted = true;
  }

  /** Also removes every device that was made on it: a machine that boots has none. */
  final void unmount() throws IOException {
    if (mounted) {
      StackedDevices.removeFrom(mount);
      Command.run("umount", mount.toString());
      mounted = false;
    }
  }

  /**
   * Unmounts it, with the devices that were made on it, and removes its disk.
   *
   * @throws IOException also if somebody has a file open in it; it is still there then, and can be
   *     closed again
   */
  @Override
  public abstract void close() throws IOException;
}

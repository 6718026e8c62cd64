package io.cistern.testkit.disk;

import io.cistern.testkit.PowerSupply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A new file system for one fixture, mounted, on a disk that fails in some way. Not safe for use by
 * many threads.
 */
public abstract sealed class DiskFileSystem implements PowerSupply, AutoCloseable
    permits PoweredFileSystem, LoggedFileSystem {
  private final FileSystemType type;
  private final Disk disk;
  private final Path mount;
  private boolean mounted;

  /** Makes the directory that it is going to be mounted on. */
  DiskFileSystem(FileSystemType type, Disk disk) throws IOException {
    this.type = type;
    this.disk = disk;
    this.mount = Files.createDirectory(disk.place().resolve("mount"));
  }

  /** Returns where it is mounted, always the same. */
  public final Path directory() {
    return mount;
  }

  /** Makes all durable that is there. */
  public final void sync() throws IOException {
    Command.run("sync", "--file-system", mount.toString());
  }

  /** Mounts what its disk holds. */
  final void mount() throws IOException {
    type.mount(disk.image(), mount);
    mounted = true;
  }

  /** Also removes every device that was made on it: a machine that boots has none. */
  private void unmount() throws IOException {
    if (mounted) {
      StackedDevices.removeFrom(mount);
      Command.run("umount", mount.toString());
      mounted = false;
    }
  }

  @Override
  public final int cut() throws IOException {
    return disk.cut();
  }

  @Override
  public final void boot(int cut) throws IOException {
    unmount();
    disk.boot(cut);
    mount();
  }

  /**
   * Unmounts it, with the devices that were made on it, and removes its disk.
   *
   * @throws IOException also if somebody has a file open in it; it is still there then, and can be
   *     closed again
   */
  @Override
  public final void close() throws IOException {
    unmount();
    disk.close();
  }
}

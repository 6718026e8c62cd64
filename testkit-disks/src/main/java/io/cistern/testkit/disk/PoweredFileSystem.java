package io.cistern.testkit.disk;

import io.cistern.linux.Undo;
import io.cistern.testkit.PowerSupply;
import java.io.IOException;
import java.nio.file.Path;

/** A new file system on a {@link PoweredDisk}. */
public final class PoweredFileSystem extends DiskFileSystem implements PowerSupply {
  private final PoweredDisk disk;

  private PoweredFileSystem(FileSystemType type, PoweredDisk disk) throws IOException {
    super(type, disk.place());
    this.disk = disk;
    type.make(disk.image());
    mount(disk.image());
  }

  /** Makes the smallest one; see {@link #make(FileSystemType, long, Path)}. */
  public static PoweredFileSystem make(FileSystemType type, Path directory) throws IOException {
    return make(type, type.smallest(), directory);
  }

  /**
   * Makes one, and mounts it below a directory.
   *
   * @param size in bytes
   * @param directory what the images of its disk lie in, on a file system with reflinks
   */
  public static PoweredFileSystem make(FileSystemType type, long size, Path directory)
      throws IOException {
    PoweredDisk disk = PoweredDisk.empty(directory, size);
    try (Undo undo = new Undo()) {
      undo.push(disk::close);
      PoweredFileSystem made = new PoweredFileSystem(type, disk);
      undo.disarm();
      return made;
    }
  }

  @Override
  public int cut() throws IOException {
    return disk.cut();
  }

  @Override
  public void boot(int cut) throws IOException {
    unmount();
    disk.boot(cut);
    mount(disk.image());
  }

  @Override
  public void close() throws IOException {
    unmount();
    disk.close();
  }
}

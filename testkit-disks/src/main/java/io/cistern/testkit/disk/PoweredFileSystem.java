package io.cistern.testkit.disk;

import io.cistern.linux.Undo;
import java.io.IOException;
import java.nio.file.Path;

/** A new file system on a {@link PoweredDisk}. */
public final class PoweredFileSystem extends DiskFileSystem {
  private PoweredFileSystem(FileSystemType type, PoweredDisk disk) throws IOException {
    super(type, disk);
    type.make(disk.image());
    mount();
  }

  /**
   * Makes the smallest one, and mounts it below a directory.
   *
   * @param directory what the images of its disk lie in, on a file system with reflinks
   */
  public static PoweredFileSystem make(FileSystemType type, Path directory) throws IOException {
    PoweredDisk disk = PoweredDisk.empty(directory, type.smallest());
    try (Undo undo = new Undo()) {
      undo.push(disk::close);
      PoweredFileSystem made = new PoweredFileSystem(type, disk);
      undo.disarm();
      return made;
    }
  }
}

package io.cistern.testkit.disk;

import io.cistern.linux.Undo;
import io.cistern.testkit.WriteLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A new file system on a {@link LoggedDisk}. */
public final class LoggedFileSystem extends DiskFileSystem implements WriteLog {
  /** What mkfs makes takes longer to make than to copy. */
  private static final Map<FileSystemType, SparseImage> EMPTY = new EnumMap<>(FileSystemType.class);

  private final LoggedDisk disk;

  private LoggedFileSystem(FileSystemType type, LoggedDisk disk) throws IOException {
    super(type, disk);
    this.disk = disk;
    mount();
  }

  /**
   * Makes the smallest one, and mounts it below a directory.
   *
   * @param directory in which the disk is mounted, too; it takes no space there
   */
  public static LoggedFileSystem make(FileSystemType type, Path directory) throws IOException {
    LoggedDisk disk = LoggedDisk.of(directory, empty(type, directory));
    try (Undo undo = new Undo()) {
      undo.push(disk::close);
      LoggedFileSystem made = new LoggedFileSystem(type, disk);
      undo.disarm();
      return made;
    }
  }

  private static synchronized SparseImage empty(FileSystemType type, Path directory)
      throws IOException {
    SparseImage made = EMPTY.get(type);
    if (made == null) {
      made = makeEmpty(type, directory);
      EMPTY.put(type, made);
    }
    return made;
  }

  private static SparseImage makeEmpty(FileSystemType type, Path directory) throws IOException {
    try (LoggedDisk disk = LoggedDisk.empty(directory, type.smallest())) {
      try (LoopDevice loop = LoopDevice.attach(disk.image())) {
        type.make(loop.path());
      }
      return disk.content();
    }
  }

  @Override
  public void begin() {
    disk.begin();
  }

  @Override
  public List<Entry> entries() {
    return disk.entries();
  }

  @Override
  public int cut(List<Integer> writes) {
    return disk.cut(writes);
  }
}

package io.cistern.directory.testing;

import io.cistern.linux.Undo;
import io.cistern.testkit.WriteLog;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A new file system on a {@link LoggedDisk}. */
public final class LoggedFileSystem extends OwnFileSystem implements WriteLog {
  /** What mkfs makes takes longer to make than to copy. */
  private static final Map<FileSystemUnderTest, SparseImage> EMPTY =
      new EnumMap<>(FileSystemUnderTest.class);

  private final LoggedDisk disk;

  private LoggedFileSystem(FileSystemUnderTest type, LoggedDisk disk) throws IOException {
    super(type, disk.place());
    this.disk = disk;
    mount(disk.image());
  }

  /** Makes one; it is mounted below one of its kind that {@code dev/test} mounts. */
  public static LoggedFileSystem make(FileSystemUnderTest type) throws IOException {
    LoggedDisk disk = LoggedDisk.of(type.directory(), empty(type));
    try (Undo undo = new Undo()) {
      undo.push(disk::close);
      LoggedFileSystem made = new LoggedFileSystem(type, disk);
      undo.disarm();
      return made;
    }
  }

  private static synchronized SparseImage empty(FileSystemUnderTest type) throws IOException {
    SparseImage made = EMPTY.get(type);
    if (made == null) {
      made = makeEmpty(type);
      EMPTY.put(type, made);
    }
    return made;
  }

  private static SparseImage makeEmpty(FileSystemUnderTest type) throws IOException {
    try (LoggedDisk disk = LoggedDisk.empty(type.directory(), size(type))) {
      try (LoopDevice loop = LoopDevice.attach(disk.image())) {
        make(type, loop.path());
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
  public int cut() {
    return disk.cut();
  }

  @Override
  public int cut(List<Integer> writes) {
    return disk.cut(writes);
  }

  @Override
  public void boot(int cut) throws IOException {
    unmount();
    disk.boot(cut);
    mount(disk.image());
  }

  @Override
  public void close() throws IOException {
    try {
      unmount();
    } finally {
      disk.close();
    }
  }
}

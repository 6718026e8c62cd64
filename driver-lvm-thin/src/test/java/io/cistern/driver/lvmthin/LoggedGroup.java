package io.cistern.driver.lvmthin;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.directory.testing.LoggedDisk;
import io.cistern.directory.testing.SparseImage;
import io.cistern.testkit.WriteLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A volume group on a disk that may lose what it was not told to flush. */
final class LoggedGroup extends OwnGroup implements WriteLog {
  /** Making a group takes as long as five other commands of LVM. */
  private static Optional<SparseImage> template = Optional.empty();

  private final LoggedDisk disk;

  private LoggedGroup(LoggedDisk disk) throws IOException {
    super(disk.image());
    this.disk = disk;
  }

  /** Makes one; the disk is mounted on the XFS of the virtual machine, and takes no space there. */
  static synchronized LoggedGroup make() throws IOException {
    Path place = FileSystemUnderTest.XFS.directory();
    if (template.isEmpty()) {
      try (LoggedDisk made = LoggedDisk.empty(place, SIZE)) {
        make(made.image());
        template = Optional.of(made.content());
      }
    }
    return new LoggedGroup(LoggedDisk.of(place, template.get()));
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
    detach();
    disk.boot(cut);
    attach(disk.image());
  }

  @Override
  public void close() throws IOException {
    detach();
    disk.close();
  }
}

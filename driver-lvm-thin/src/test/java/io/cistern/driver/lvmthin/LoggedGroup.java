package io.cistern.driver.lvmthin;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.WriteLog;
import io.cistern.testkit.disk.LoggedDisk;
import io.cistern.testkit.disk.SparseImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A volume group on a disk that may lose what it was not told to flush. */
final class LoggedGroup extends OwnGroup implements WriteLog {
  /** Where the area ends in which LVM keeps its metadata, on a physical volume of its making. */
  private static final long METADATA_END = 1 << 20;

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
    return disk.cut(inOrderOfLvm(writes));
  }

  /**
   * LVM writes the text of its metadata, then the header that points to it, and tells the disk to
   * flush neither. On a disk that does the second and not the first there is no volume group any
   * more, and no driver can help it: so what is lost of that area is lost from some write on.
   */
  private List<Integer> inOrderOfLvm(List<Integer> writes) {
    List<Entry> entries = entries();
    Set<Integer> kept = new LinkedHashSet<>(writes);
    boolean lost = false;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (entry.isFlush()) {
        lost = false;
      } else if (entry.offset() < METADATA_END) {
        lost |= !kept.contains(i);
        if (lost) {
          kept.remove(i);
        }
      }
    }
    return List.copyOf(kept);
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

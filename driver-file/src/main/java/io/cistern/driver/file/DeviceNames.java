package io.cistern.driver.file;

import io.cistern.linux.FileStatus;

/**
 * The names of a volume's devices, made of what lasts: a process that is restarted finds them again
 * by its files.
 *
 * <pre>
 * origin-fe02:131                       what the VM of an origin writes to, on the base
 * snapshot-fe02:131-140-TAG             the committed content: the base, as seen through a store
 * snapshot-fe02:131-140-150-TAG         what is written to a store, on top of committed content
 * grown-150-TAG                         committed content and zeros behind it, for a snapshot
 * export-3-TAG                          what a reader gets
 * </pre>
 *
 * <p>The numbers are those of stat(2): the file system, the inode of the base, those of the stores.
 *
 * @param tag which volume of which pool
 */
record DeviceNames(String tag) {
  private static final String SNAPSHOT = "snapshot-";

  String origin(FileStatus base) {
    return "origin-" + inode(base);
  }

  /** Returns what the names of all devices begin with that are made of this base. */
  String onBase(FileStatus base) {
    return SNAPSHOT + inode(base) + "-";
  }

  String view(FileStatus base, FileStatus store) {
    return onBase(base) + store.inode() + "-" + tag;
  }

  /** Returns the name of what is on top of a view. */
  String on(String view, FileStatus store) {
    return view.substring(0, view.lastIndexOf('-')) + endOf(store);
  }

  /** Returns what the name of the device ends with that writes to this store. */
  String endOf(FileStatus store) {
    return "-" + store.inode() + "-" + tag;
  }

  String grown(FileStatus store) {
    return "grown" + endOf(store);
  }

  String export(long number) {
    return "export-" + number + "-" + tag;
  }

  boolean isOurs(String name) {
    return name.endsWith("-" + tag);
  }

  /** Returns the lasting name, by which an operator sees whose a device is. */
  String uuid(String name) {
    return "CISTERN-" + tag + "-" + name.substring(0, Math.min(name.length(), 80));
  }

  private static String inode(FileStatus file) {
    return Long.toHexString(file.device()) + ":" + Long.toUnsignedString(file.inode());
  }
}

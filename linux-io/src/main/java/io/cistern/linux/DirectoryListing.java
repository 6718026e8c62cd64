package io.cistern.linux;

import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads a directory with readdir(3) rather than with the JDK, which cannot read names outside the
 * process's locale.
 */
final class DirectoryListing {
  /** Of {@code struct dirent} with a 64-bit {@code ino_t}: inode, offset, length, type, name. */
  private static final int NAME_OFFSET = 8 + 8 + 2 + 1;

  private static final byte[] SELF = {'.', 0};

  private DirectoryListing() {}

  static List<String> of(Descriptor directory, int openFlags) throws SystemCallException {
    Kernel kernel = directory.kernel();
    return directory.lend(
        fd -> kernel.search("getdents64", directory.path().toString(), () -> read(fd, openFlags)));
  }

  /** Opens the directory anew, since a duplicate would share its position with other listings. */
  private static List<String> read(int directory, int openFlags) {
    int fd = VariadicLibC.INSTANCE.openat(directory, SELF, openFlags);
    Pointer stream = null;
    try {
      stream = LibC.fdopendir(fd);
      return names(stream);
    } finally {
      // The stream owns the descriptor.
      if (stream == null) {
        LibC.close(fd);
      } else {
        LibC.closedir(stream);
      }
    }
  }

  private static List<String> names(Pointer stream) {
    List<String> names = new ArrayList<>();
    Pointer entry = LibC.readdir(stream);
    while (entry != null) {
      String name = entry.getString(NAME_OFFSET, "UTF-8");
      if (!name.equals(".") && !name.equals("..")) {
        names.add(name);
      }
      entry = LibC.readdir(stream);
    }
    Collections.sort(names);
    return Collections.unmodifiableList(names);
  }
}

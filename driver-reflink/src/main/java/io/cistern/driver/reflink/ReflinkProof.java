package io.cistern.driver.reflink;

import io.cistern.directory.DirectoryFailures;
import io.cistern.linux.Directory;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;

/**
 * Proves on a directory that what the driver needs works there, and finds out whether clones do: it
 * clones data of several blocks that was not synced, compares it, and leaves nothing (rule 102).
 */
final class ReflinkProof {
  private static final String ORIGINAL = ".cistern-setup~1";
  private static final String CLONE = ".cistern-setup~2";
  private static final String LINK = ".cistern-setup~3";
  private static final List<String> REMAINS = List.of(ORIGINAL, CLONE, LINK);
  private static final String ATTRIBUTE = "user.cistern.setup";
  private static final int BYTES = 1 << 18;

  private final Directory directory;

  ReflinkProof(Directory directory) {
    this.directory = directory;
  }

  /** Returns whether clones work; everything else that is needed does, or this throws. */
  boolean run() throws IOException {
    removeRemains();
    try (Undo remains = new Undo()) {
      REMAINS.forEach(name -> remains.push(() -> directory.unlinkIfPresent(name)));
      boolean cloned = prove();
      removeRemains();
      remains.disarm();
      return cloned;
    }
  }

  private boolean prove() throws IOException {
    try (OpenFile original = directory.createFile(ORIGINAL);
        OpenFile clone = directory.createFile(CLONE)) {
      byte[] data = new byte[BYTES];
      new SecureRandom().nextBytes(data);
      original.write(ByteBuffer.wrap(data), 0);
      proveAttributes(original);
      directory.link(ORIGINAL, LINK);
      boolean cloned = isCloned(original, clone);
      if (cloned) {
        compare(clone, data);
      }
      directory.rename(CLONE, LINK);
      directory.sync();
      return cloned;
    }
  }

  private void proveAttributes(OpenFile file) throws IOException {
    try {
      file.setAttribute(ATTRIBUTE, "yes");
    } catch (SystemCallException e) {
      if (DirectoryFailures.says(e, Meaning.UNSUPPORTED)) {
        throw new DriverException(
            Code.UNSUPPORTED,
            "the file system of %s (%s) has no user extended attributes"
                .formatted(directory.path(), directory.fileSystem().name()),
            "Use btrfs, XFS or ext4",
            e);
      }
      throw e;
    }
  }

  private static boolean isCloned(OpenFile original, OpenFile clone) throws IOException {
    try {
      clone.cloneFrom(original);
      return true;
    } catch (SystemCallException e) {
      if (e.errno().saysCannotClone()) {
        return false;
      }
      throw e;
    }
  }

  private void compare(OpenFile clone, byte[] data) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(BYTES);
    while (read.hasRemaining() && clone.read(read, read.position()) > 0) {
      // A read may give less than was asked for.
    }
    if (!read.flip().equals(ByteBuffer.wrap(data))) {
      throw new DriverException(
          Code.IO,
          "a clone in %s differs from its original".formatted(directory.path()),
          "Do not use this file system; look for a kernel update");
    }
  }

  /** Removes what one that was killed has left. */
  void removeRemains() throws SystemCallException {
    for (String name : REMAINS) {
      directory.unlinkIfPresent(name);
    }
  }
}

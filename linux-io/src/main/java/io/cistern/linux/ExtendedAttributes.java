package io.cistern.linux;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** fsetxattr(2) and fgetxattr(2) with values that are text. */
final class ExtendedAttributes {
  /** XATTR_SIZE_MAX of {@code linux/limits.h}: with this much room ERANGE cannot be. */
  private static final int MAX_BYTES = 65536;

  private ExtendedAttributes() {}

  static void set(Descriptor file, String name, String value) throws SystemCallException {
    byte[] nameBytes = EntryName.encodeText(name);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    file.call(
        "fsetxattr",
        file.path() + " " + name,
        fd -> LibC.fsetxattr(fd, nameBytes, valueBytes, valueBytes.length, 0));
  }

  static Optional<String> get(Descriptor file, String name) throws SystemCallException {
    byte[] nameBytes = EntryName.encodeText(name);
    try (Memory value = new Memory(MAX_BYTES)) {
      long length =
          file.call(
              "fgetxattr",
              file.path() + " " + name,
              fd -> LibC.fgetxattr(fd, nameBytes, value, MAX_BYTES));
      return Optional.of(new String(value.getByteArray(0, (int) length), StandardCharsets.UTF_8));
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ENODATA)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}

package io.cistern.linux;

import com.sun.jna.Memory;
import java.util.HexFormat;

/** name_to_handle_at(2): an inode number with its generation, which is never used again. */
final class FileHandle {
  private static final int HEADER_BYTES = 8;
  private static final int MAX_HANDLE_SZ = 128;
  private static final byte[] EMPTY = {0};

  private FileHandle() {}

  /** Returns the type and the bytes of the handle in hexadecimal. */
  static String of(Descriptor file) throws SystemCallException {
    try (Memory handle = new Memory(HEADER_BYTES + MAX_HANDLE_SZ);
        Memory mountId = new Memory(4)) {
      handle.setInt(0, MAX_HANDLE_SZ);
      file.call(
          "name_to_handle_at",
          fd -> NewerLibC.name_to_handle_at(fd, EMPTY, handle, mountId, NewerLibC.AT_EMPTY_PATH));
      byte[] bytes = handle.getByteArray(HEADER_BYTES, handle.getInt(0));
      return Integer.toHexString(handle.getInt(4)) + ":" + HexFormat.of().formatHex(bytes);
    } catch (SystemCallException e) {
      if (e.errno().meaning() == Errno.Meaning.UNSUPPORTED) {
        return byBirth(Statx.of(file));
      }
      throw e;
    }
  }

  /** The next best: nobody can make an inode of the same number in the same nanosecond. */
  private static String byBirth(FileStatus status) {
    return Long.toHexString(status.device())
        + ":"
        + Long.toHexString(status.inode())
        + status.created().map(created -> ":" + created).orElse("");
  }
}

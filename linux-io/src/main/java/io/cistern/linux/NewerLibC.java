package io.cistern.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * Calls that came to glibc later, the last ones with 2.28. They have a holder of their own because
 * {@code Native.register} fails whole if one symbol is missing.
 */
final class NewerLibC {
  static final int RENAME_NOREPLACE = 1;
  static final int RENAME_EXCHANGE = 2;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;
  static final int AT_NO_AUTOMOUNT = 0x800;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int AT_STATX_DONT_SYNC = 0x4000;

  static {
    Native.register(NewerLibC.class, "c");
  }

  private NewerLibC() {}

  static native int renameat2(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags)
      throws LastErrorException;

  static native int statx(int directory, byte[] path, int flags, int mask, Pointer statx)
      throws LastErrorException;

  static native long copy_file_range(
      int from, Pointer fromOffset, int to, Pointer toOffset, long length, int flags)
      throws LastErrorException;

  static native int name_to_handle_at(
      int directory, byte[] path, Pointer handle, Pointer mountId, int flags)
      throws LastErrorException;
}

package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.time.Instant;
import java.util.Optional;

/** statx(2), and {@code struct statx} of {@code linux/stat.h}, which is the same everywhere. */
final class Statx {
  private static final int STRUCT_BYTES = 256;
  private static final int STATX_BASIC_STATS = 0x7ff;
  private static final int STATX_BTIME = 0x800;
  private static final int STATX_MNT_ID = 0x1000;
  private static final int MASK = STATX_BASIC_STATS | STATX_BTIME | STATX_MNT_ID;
  private static final byte[] EMPTY = {0};

  private Statx() {}

  /** Asks about an open file. */
  static FileStatus of(Descriptor descriptor) throws SystemCallException {
    try (Memory statx = new Memory(STRUCT_BYTES)) {
      descriptor.call(
          "statx", fd -> NewerLibC.statx(fd, EMPTY, NewerLibC.AT_EMPTY_PATH, MASK, statx));
      return parse(statx);
    }
  }

  /** Returns the number of an open device, {@code major:minor}. */
  static String deviceNumber(Descriptor device) throws SystemCallException {
    try (Memory statx = new Memory(STRUCT_BYTES)) {
      device.call("statx", fd -> NewerLibC.statx(fd, EMPTY, NewerLibC.AT_EMPTY_PATH, MASK, statx));
      return statx.getInt(0x80) + ":" + statx.getInt(0x84);
    }
  }

  /** Asks about a directory entry, without following a link. */
  static Optional<FileStatus> of(Descriptor directory, String name) throws SystemCallException {
    byte[] bytes = EntryName.encode(name);
    int flags = NewerLibC.AT_SYMLINK_NOFOLLOW | NewerLibC.AT_NO_AUTOMOUNT;
    try (Memory statx = new Memory(STRUCT_BYTES)) {
      directory.call(
          "statx", directory.full(name), fd -> NewerLibC.statx(fd, bytes, flags, MASK, statx));
      return Optional.of(parse(statx));
    } catch (SystemCallException e) {
      return e.emptyIfAbsent();
    }
  }

  /**
   * Asks about a path inside a search, which is one step for the seam. Follows links; asks no
   * server, which might hang.
   *
   * @throws com.sun.jna.LastErrorException if it cannot be asked
   */
  static FileStatus quietly(String path) {
    byte[] bytes = EntryName.encodeText(path);
    int flags = NewerLibC.AT_NO_AUTOMOUNT | NewerLibC.AT_STATX_DONT_SYNC;
    try (Memory statx = new Memory(STRUCT_BYTES)) {
      NewerLibC.statx(LibC.AT_FDCWD, bytes, flags, MASK, statx);
      return parse(statx);
    }
  }

  private static FileStatus parse(Pointer statx) {
    int mask = statx.getInt(0x00);
    int mode = Short.toUnsignedInt(statx.getShort(0x1c));
    return new FileStatus(
        device(statx.getInt(0x88), statx.getInt(0x8c)),
        statx.getLong(0x20),
        statx.getLong(0x28),
        statx.getLong(0x30) * 512,
        statx.getInt(0x10),
        mode & 0xfff,
        FileStatus.Type.ofMode(mode),
        (mask & STATX_MNT_ID) == 0 ? 0 : statx.getLong(0x90),
        time(statx, 0x70),
        (mask & STATX_BTIME) == 0 ? Optional.empty() : Optional.of(time(statx, 0x50)));
  }

  private static Instant time(Pointer statx, int offset) {
    return Instant.ofEpochSecond(statx.getLong(offset), statx.getInt(offset + 8));
  }

  /** makedev(3), and the kernel's {@code huge_encode_dev} that loop devices answer with. */
  static long device(int major, int minor) {
    long high = Integer.toUnsignedLong(major);
    long low = Integer.toUnsignedLong(minor);
    return (low & 0xff) | ((high & 0xfff) << 8) | ((low & ~0xffL) << 12) | ((high & ~0xfffL) << 32);
  }
}

package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** FS_IOC_FIEMAP, with {@code struct fiemap} of {@code linux/fiemap.h}. */
final class Fiemap {
  static final int FLAG_SYNC = 1;
  private static final int HEADER_BYTES = 32;
  private static final int EXTENT_BYTES = 56;
  private static final int BATCH = 512;
  private static final int EXTENT_LAST = 1;

  private Fiemap() {}

  static long request(Architecture architecture) {
    return architecture.ioctlReadWrite('f', 11, HEADER_BYTES);
  }

  /** Asks in batches until the last extent has been told. */
  static List<Extent> extents(Descriptor file, Architecture architecture, int flags)
      throws SystemCallException {
    NativeLong request = new NativeLong(request(architecture));
    List<Extent> extents = new ArrayList<>();
    try (Memory map = new Memory(HEADER_BYTES + (long) BATCH * EXTENT_BYTES)) {
      long start = 0;
      boolean more = true;
      while (more) {
        ask(file, request, map, start, flags);
        int count = map.getInt(0x14);
        for (int i = 0; i < count; i++) {
          extents.add(extent(map, HEADER_BYTES + (long) i * EXTENT_BYTES));
        }
        more = count > 0 && (lastOf(extents).flags() & EXTENT_LAST) == 0;
        start = more ? lastOf(extents).end() : start;
      }
    }
    return Collections.unmodifiableList(extents);
  }

  private static void ask(Descriptor file, NativeLong request, Memory map, long start, int flags)
      throws SystemCallException {
    map.clear();
    map.setLong(0x00, start);
    map.setLong(0x08, Long.MAX_VALUE - start);
    map.setInt(0x10, flags);
    map.setInt(0x18, BATCH);
    file.call("ioctl(FS_IOC_FIEMAP)", fd -> VariadicLibC.INSTANCE.ioctl(fd, request, map));
  }

  private static Extent extent(Memory map, long offset) {
    return new Extent(
        map.getLong(offset),
        map.getLong(offset + 8),
        map.getLong(offset + 16),
        map.getInt(offset + 40));
  }

  private static Extent lastOf(List<Extent> extents) {
    return extents.get(extents.size() - 1);
  }
}

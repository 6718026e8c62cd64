package io.cistern.driver.lvmthin;

import io.cistern.linux.Linux;
import java.io.IOException;
import java.nio.file.Path;

/** A thin pool whose data space is all taken, until this is closed. */
final class FilledPool implements AutoCloseable {
  private static final long CHUNK = 65536;

  private final String filler;

  FilledPool(String group, String pool) throws IOException {
    this(group, pool, 0);
  }

  /** Leaves some bytes. */
  FilledPool(String group, String pool, long left) throws IOException {
    this.filler = group + "/filler";
    GuestGroups.lvm("lvcreate", "-y", "-Wn", "-V", "1g", "-T", group + "/" + pool, "-n", "filler");
    PoolFill fill = fill(group, pool);
    long chunks = (fill.dataSize() - fill.dataUsed() - left) / CHUNK;
    GuestGroups.run(
        Path.of("/usr/bin/dd"),
        "if=/dev/zero",
        "of=/dev/" + filler,
        "bs=64k",
        "count=" + chunks,
        "oflag=direct",
        "status=none");
  }

  static PoolFill fill(String group, String pool) throws IOException {
    return status(group, pool).fill().orElseThrow();
  }

  static ThinPoolStatus status(String group, String pool) throws IOException {
    try (KernelLvDevices devices = new KernelLvDevices(Linux.create(), group)) {
      return devices.status(pool, CHUNK).orElseThrow();
    }
  }

  @Override
  public void close() {
    GuestGroups.lvm("lvremove", "-y", filler);
  }
}

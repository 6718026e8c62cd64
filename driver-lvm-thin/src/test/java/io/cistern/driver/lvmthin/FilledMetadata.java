package io.cistern.driver.lvmthin;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Fills the metadata of a thin pool, and little else: a volume of many chunks, and snapshots of it
 * in each of which one chunk for each block of its mapping is written, so that none is shared.
 */
final class FilledMetadata implements AutoCloseable {
  private static final long CHUNK = 65536;
  private static final int CHUNKS = 6000;

  /** A block of 4 KiB has somewhat more mappings when they are made in their order. */
  private static final int CHUNKS_A_BLOCK = 200;

  /** Enough for 2 MiB. */
  private static final int MOST_SNAPSHOTS = 18;

  private final String group;
  private final String pool;
  private final List<String> snapshots = new ArrayList<>();
  private final List<String> made = new ArrayList<>();

  /** Where the next chunk is written: in which snapshot, and where in it. */
  private int snapshot;

  private int chunk;

  private FilledMetadata(String group, String pool) {
    this.group = group;
    this.pool = pool;
  }

  /**
   * Fills nothing yet, but makes what it needs: LVM makes nothing in a pool that is fairly full.
   */
  static FilledMetadata make(String group, String pool) throws IOException {
    FilledMetadata filled = new FilledMetadata(group, pool);
    filled.makeBase();
    filled.makeSnapshots(filled.base() + "-", MOST_SNAPSHOTS);
    return filled;
  }

  /** Makes snapshots by which to fill it further, and which alone go when that is closed. */
  FilledMetadata further(int count) {
    FilledMetadata further = new FilledMetadata(group, pool);
    further.makeSnapshots("filler", count);
    return further;
  }

  private String base() {
    return "filler-" + pool;
  }

  private void makeBase() throws IOException {
    GuestGroups.lvm("lvcreate", "-y", "-Wn", "-V", "1g", "-T", group + "/" + pool, "-n", base());
    made.add(group + "/" + base());
    try (FileChannel base = open(base())) {
      for (int i = 0; i < CHUNKS; i++) {
        touch(base, i);
      }
      base.force(false);
    }
  }

  private void makeSnapshots(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      String name = prefix + i;
      GuestGroups.lvm("lvcreate", "-y", "-s", "-kn", "-ay", "-n", name, group + "/" + base());
      snapshots.add(name);
      made.add(group + "/" + name);
    }
  }

  private FileChannel open(String name) throws IOException {
    return FileChannel.open(Path.of("/dev", group, name), StandardOpenOption.WRITE);
  }

  private static void touch(FileChannel device, int chunk) throws IOException {
    device.write(ByteBuffer.allocate(512), chunk * CHUNK);
  }

  ThinPoolStatus status() throws IOException {
    return FilledPool.status(group, pool);
  }

  /**
   * Fills until the pool is so. A write that the kernel does not take any more fills no further.
   */
  void until(Predicate<ThinPoolStatus> isFull) throws IOException {
    for (; snapshot < snapshots.size(); snapshot++, chunk = 0) {
      try (FileChannel device = open(snapshots.get(snapshot))) {
        for (; chunk < CHUNKS; chunk += CHUNKS_A_BLOCK) {
          if (isFull.test(status())) {
            return;
          }
          touch(device, chunk);
          flush(device);
        }
      }
    }
    throw new IOException("the pool does not get full: " + status());
  }

  private void flush(FileChannel device) throws IOException {
    try {
      device.force(false);
    } catch (IOException e) {
      if (status().isWritable()) {
        throw e;
      }
    }
  }

  @Override
  public void close() {
    List<String> arguments = new ArrayList<>(List.of("lvremove", "-y"));
    arguments.addAll(made);
    GuestGroups.lvm(arguments.toArray(String[]::new));
  }
}

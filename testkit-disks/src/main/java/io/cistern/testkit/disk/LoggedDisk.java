package io.cistern.testkit.disk;

import io.cistern.testkit.WriteLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A disk of which every write and every flush is known: a file, to be attached to a loop device,
 * that this process serves from its memory. What it is told between two flushes, a real disk may
 * have in its cache only: it can be lost in part, and in any order.
 */
public final class LoggedDisk extends Disk implements WriteLog {
  /**
   * How long a write takes while a log is kept, as on a slow disk. What the kernel writes without
   * having to wait for it is not done by chance, then, before the kernel commits what comes next.
   */
  private static final long WRITE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private static final Told FLUSH = new Told(Entry.flush(), Optional.empty());

  private final FuseMount mount;

  /** What was there when the log began. Changes only while nothing is recorded, nor kept. */
  private SparseImage base;

  /** The base with all of the log. */
  private SparseImage image;

  private final List<Told> log = new ArrayList<>();
  private volatile boolean recording;
  private Path file;

  private final List<SparseImage> kept = new ArrayList<>();
  private final Map<Map<Long, ByteBuffer>, Integer> numbers = new HashMap<>();

  /** Something that the disk was told, with what it was to write; nothing stands for zeros. */
  private record Told(Entry entry, Optional<byte[]> bytes) {
    void applyTo(SparseImage image) {
      if (bytes.isPresent()) {
        image.write(entry.offset(), bytes.get());
      } else {
        image.zero(entry.offset(), entry.length());
      }
    }
  }

  private LoggedDisk(Path directory, SparseImage base) throws IOException {
    super(directory, "log");
    this.base = base;
    this.image = base.above();
    this.mount = new FuseMount(Files.createDirectory(place().resolve("disk")));
    this.file = mount.serve(new Served());
  }

  /**
   * Makes an empty disk.
   *
   * @param directory in which it is mounted; it takes no space there
   * @param size in bytes
   */
  public static LoggedDisk empty(Path directory, long size) throws IOException {
    return new LoggedDisk(directory, SparseImage.zero(size));
  }

  /** Makes a disk that holds this. */
  public static LoggedDisk of(Path directory, SparseImage content) throws IOException {
    return new LoggedDisk(directory, content.above());
  }

  @Override
  public synchronized Path image() {
    return file;
  }

  /** Returns what it holds, flushed or not. It must not be written to any more. */
  public synchronized SparseImage content() {
    return image;
  }

  /** What the kernel sees of it. */
  private final class Served implements ServedFile {
    private final long size = base.size();

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      synchronized (LoggedDisk.this) {
        image.read(offset, target);
      }
    }

    /** A disk writes each block as a whole or not at all. */
    @Override
    public void write(long offset, byte[] bytes) {
      if (recording) {
        LockSupport.parkNanos(WRITE_NANOS);
      }
      int done = 0;
      while (done < bytes.length) {
        int room = SparseImage.BLOCK - (int) ((offset + done) % SparseImage.BLOCK);
        int end = Math.min(bytes.length, done + room);
        byte[] block = Arrays.copyOfRange(bytes, done, end);
        tell(Entry.write(offset + done, block.length), Optional.of(block));
        done = end;
      }
    }

    @Override
    public void zero(long offset, long length) {
      tell(Entry.write(offset, length), Optional.empty());
    }

    @Override
    public void flush() {
      tell(Entry.flush(), Optional.empty());
    }
  }

  private synchronized void tell(Entry entry, Optional<byte[]> bytes) {
    Told told = new Told(entry, bytes);
    log.add(told);
    told.applyTo(image);
    if (entry.isFlush() && !recording && kept.isEmpty()) {
      log.forEach(each -> each.applyTo(base));
      log.clear();
      image = base.above();
    }
  }

  @Override
  public synchronized void begin() {
    int flush = log.lastIndexOf(FLUSH) + 1;
    log.subList(0, flush).forEach(each -> each.applyTo(base));
    log.subList(0, flush).clear();
    kept.clear();
    numbers.clear();
    recording = true;
  }

  @Override
  public synchronized List<Entry> entries() {
    return log.stream().map(Told::entry).toList();
  }

  @Override
  public synchronized int cut() {
    return cut(IntStream.range(0, log.size()).boxed().toList());
  }

  @Override
  public synchronized int cut(List<Integer> writes) {
    SparseImage disk = base.above();
    writes.forEach(write -> log.get(write).applyTo(disk));
    Integer earlier = numbers.putIfAbsent(disk.difference(), kept.size());
    if (earlier != null) {
      return earlier;
    }
    kept.add(disk);
    return kept.size() - 1;
  }

  /** Makes what was kept by a cut the image. Nothing is attached to it. */
  @Override
  public synchronized void boot(int cut) {
    base = kept.get(cut).above();
    image = base.above();
    log.clear();
    // What is cut from here on differs from another base.
    numbers.clear();
    recording = false;
    file = mount.serve(new Served());
  }

  @Override
  public void close() throws IOException {
    mount.close();
    super.close();
  }
}

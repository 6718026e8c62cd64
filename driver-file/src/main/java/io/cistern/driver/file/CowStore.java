package io.cistern.driver.file;

import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.Errno;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The file of a persistent exception store of dm-snapshot, whose format {@code
 * drivers/md/dm-snap-persistent.c} of the kernel tells: a chunk with the header, then areas, each a
 * chunk of entries (which chunk of the origin is in which chunk of the store) before the chunks
 * that these tell about.
 */
final class CowStore {
  /** 256 sectors, as the tables of this driver have it. */
  static final int CHUNK_BYTES = 256 * 512;

  private static final int MAGIC = 0x70416e53;
  private static final int HEADER_BYTES = 16;
  private static final int ENTRY_BYTES = 16;
  private static final int ENTRIES = CHUNK_BYTES / ENTRY_BYTES;

  /**
   * A chunk that is in the store.
   *
   * @param origin where it belongs, in bytes
   * @param store where it is in the store, in bytes
   */
  record StoredChunk(long origin, long store) {}

  private final OpenFile file;

  CowStore(OpenFile file) {
    this.file = file;
  }

  /**
   * Returns how large a store has to be that can not overflow: with room for every chunk of the
   * volume, the entries for them, and the header.
   */
  static long capacity(long volume) {
    long chunks = (volume + CHUNK_BYTES - 1) / CHUNK_BYTES;
    // One area more than is needed: the kernel begins a new one before the last is full.
    long areas = chunks / ENTRIES + 2;
    return (1 + areas + chunks) * CHUNK_BYTES;
  }

  /**
   * Makes an empty store that can hold a volume.
   *
   * @param isReserved whether all the space that it may need is allocated now
   */
  static OpenFile make(Directory directory, String name, long volume, boolean isReserved)
      throws IOException {
    long capacity = capacity(volume);
    OpenFile file = DurableFiles.make(directory, name, capacity);
    try (Undo undo = new Undo()) {
      undo.push(() -> directory.unlink(name));
      undo.push(file::close);
      if (isReserved) {
        file.allocate(0, capacity);
      } else {
        allocateBeginning(file);
      }
      undo.disarm();
    }
    return file;
  }

  /** The kernel writes the header and the first area at once, and can't say that space is short. */
  private static void allocateBeginning(OpenFile file) throws IOException {
    try {
      file.allocate(0, 2L * CHUNK_BYTES);
    } catch (SystemCallException e) {
      if (e.errno().meaning() != Errno.Meaning.UNSUPPORTED) {
        throw e;
      }
    }
  }

  /** Makes sure that so many chunks find room, also on a file system that is full by then. */
  void reserve(long chunks) throws IOException {
    file.allocate(0, capacity(chunks * CHUNK_BYTES));
  }

  /** Lists the chunks that are in the store. */
  List<StoredChunk> chunks() throws IOException {
    List<StoredChunk> chunks = new ArrayList<>();
    if (!hasHeader()) {
      return chunks;
    }
    ByteBuffer entries = buffer(CHUNK_BYTES);
    for (long area = 0; ; area++) {
      readFully(entries.clear(), (1 + area * (ENTRIES + 1)) * CHUNK_BYTES);
      entries.flip();
      while (entries.hasRemaining()) {
        long origin = entries.getLong();
        long store = entries.getLong();
        // The header is in chunk 0, so this is no entry.
        if (store == 0) {
          return chunks;
        }
        chunks.add(new StoredChunk(origin * CHUNK_BYTES, store * CHUNK_BYTES));
      }
    }
  }

  /** Tells whether the kernel has given the store up, since it could not write to it. */
  boolean isInvalid() throws IOException {
    ByteBuffer header = header();
    return header.getInt(0) == MAGIC && header.getInt(4) == 0;
  }

  /** Tells whether the kernel has begun to use it. */
  boolean isUsed() throws IOException {
    return header().getInt(0) == MAGIC;
  }

  /** Reads a chunk. */
  void read(StoredChunk chunk, ByteBuffer into) throws IOException {
    readFully(into, chunk.store());
  }

  /** An empty store has none: the kernel writes it when it begins. */
  private boolean hasHeader() throws IOException {
    ByteBuffer header = header();
    int magic = header.getInt(0);
    if (magic == 0) {
      return false;
    }
    boolean isKnown =
        magic == MAGIC
            && header.getInt(4) == 1
            && header.getInt(8) == 1
            && header.getInt(12) * 512L == CHUNK_BYTES;
    if (!isKnown) {
      throw new DriverException(
          Code.IO,
          "%s is no valid cow store of this driver".formatted(file),
          "If the file system was full, the kernel has given it up, and the old blocks are lost;"
              + " docs/operations.md tells what to do");
    }
    return true;
  }

  private ByteBuffer header() throws IOException {
    ByteBuffer header = buffer(HEADER_BYTES);
    readFully(header, 0);
    return header;
  }

  private void readFully(ByteBuffer into, long offset) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int read = file.read(into, at);
      if (read < 0) {
        throw new DriverException(
            Code.IO,
            "%s ends at %d bytes, before its entries do".formatted(file, at),
            "Find out who shortened it, and restore it");
      }
      at += read;
    }
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

package io.cistern.driver.file;

import io.cistern.driver.file.CowStore.StoredChunk;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The old blocks of a revision on their way into the base. Zeros for which the base has a hole are
 * left out: they are there already, and a full file system has no room for what fills the hole.
 */
final class OldBlocks {
  private static final int BLOCK = 4096;

  /** What is done with bytes that are not left out. */
  private interface Taker {
    void take(ByteBuffer bytes, long offset) throws IOException;
  }

  private final CowStore store;
  private final List<StoredChunk> chunks;
  private final OpenFile base;
  private final long size;
  private final ByteBuffer old = ByteBuffer.allocateDirect(CowStore.CHUNK_BYTES);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);

  /**
   * Reads which there are.
   *
   * @param size that of the base, which nobody writes to but by {@link #write}
   */
  OldBlocks(CowStore store, OpenFile base, long size) throws IOException {
    this.store = store;
    this.base = base;
    this.size = size;
    this.chunks = store.chunks().stream().filter(chunk -> chunk.origin() < size).toList();
  }

  /** Returns how many chunks of the base are written to at most. */
  long chunks() {
    return chunks.size();
  }

  /**
   * Allocates what they need of the base's holes. The kernel can't tell that space is short once it
   * writes by a loop device: that fails with EIO, at the sync.
   *
   * @param undo gets what makes the holes again, which has to be before anything is written
   */
  void allocate(Undo undo) throws IOException {
    for (StoredChunk chunk : chunks) {
      if (hasHole(chunk)) {
        take(chunk, (bytes, offset) -> fillHoles(offset, offset + bytes.remaining(), undo));
      }
    }
  }

  private void fillHoles(long begin, long end, Undo undo) throws IOException {
    long hole = base.nextHole(begin);
    while (hole < end) {
      long data = Math.min(end, base.nextData(hole).orElse(end));
      fill(hole, data - hole, undo);
      hole = data < end ? base.nextHole(data) : end;
    }
  }

  private void fill(long offset, long length, Undo undo) throws IOException {
    Undo.Step again = () -> base.punchHole(offset, length);
    long before = base.status().allocated();
    try {
      base.allocate(offset, length);
    } catch (SystemCallException e) {
      // It may have got a part of the space.
      undo.push(again);
      throw e;
    }
    // What somebody had allocated without writing to it looks like a hole, too, and stays.
    if (base.status().allocated() - before >= length) {
      undo.push(again);
    }
  }

  /** Writes them to the device by which the base is written to. */
  void write(OpenFile device) throws IOException {
    for (StoredChunk chunk : chunks) {
      take(chunk, device::write);
    }
  }

  private void take(StoredChunk chunk, Taker taker) throws IOException {
    int length = (int) (end(chunk) - chunk.origin());
    store.read(chunk, old.clear().limit(length));
    if (!hasHole(chunk)) {
      taker.take(old.flip(), chunk.origin());
      return;
    }
    int at = 0;
    while (at < length) {
      int begin = at;
      boolean isLeftOut = isLeftOut(chunk, begin, length);
      do {
        at = Math.min(at + BLOCK, length);
      } while (at < length && isLeftOut(chunk, at, length) == isLeftOut);
      if (!isLeftOut) {
        taker.take(old.slice(begin, at - begin), chunk.origin() + begin);
      }
    }
  }

  private boolean isLeftOut(StoredChunk chunk, int at, int length) throws IOException {
    int bytes = Math.min(BLOCK, length - at);
    long offset = chunk.origin() + at;
    return old.slice(at, bytes).equals(zeros.slice(0, bytes))
        && base.nextData(offset).orElse(size) >= offset + bytes;
  }

  private boolean hasHole(StoredChunk chunk) throws IOException {
    return base.nextHole(chunk.origin()) < end(chunk);
  }

  private long end(StoredChunk chunk) {
    return Math.min(chunk.origin() + CowStore.CHUNK_BYTES, size);
  }
}

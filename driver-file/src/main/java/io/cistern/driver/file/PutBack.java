package io.cistern.driver.file;

import io.cistern.driver.file.CowStore.StoredChunk;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.Errno;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Puts the old blocks of a store back into the base, which is the committed content again by that.
 * Doing it once more changes nothing, so a crash midway costs nothing but the time.
 *
 * <p>It writes to the base itself, under the devices: every view of it has saved these blocks when
 * they were written to first. A clone that reads such a view takes the base for the map of its
 * holes, and so no hole is made as long as there is one.
 */
final class PutBack {
  private static final int BLOCK = 4096;

  private final Layers layers;
  private final ByteBuffer old = ByteBuffer.allocateDirect(CowStore.CHUNK_BYTES);
  private final ByteBuffer present = ByteBuffer.allocateDirect(CowStore.CHUNK_BYTES);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(BLOCK);

  PutBack(Layers layers) {
    this.layers = layers;
  }

  /** Does it, durably; the base gets the size that the committed content has. */
  void run(VolumeDirectory directory, long size) throws IOException {
    try (OpenFile base = directory.openBaseForWriting(Code.IO)) {
      if (directory.has(layers.names().store())) {
        boolean isSeen = layers.locked(() -> layers.devices().isSeen(base));
        try (OpenFile store = directory.openStore(layers.names().store())) {
          CowStore chunks = new CowStore(store);
          for (StoredChunk chunk : chunks.chunks()) {
            if (chunk.origin() < size) {
              put(chunks, chunk, base, size, isSeen);
            }
          }
        }
      }
      if (base.status().size() != size) {
        DurableFiles.resize(base, size);
      }
      base.sync();
      layers.devices().refreshLoops(base);
    }
  }

  private void put(CowStore store, StoredChunk chunk, OpenFile base, long size, boolean isSeen)
      throws IOException {
    int length = (int) Math.min(CowStore.CHUNK_BYTES, size - chunk.origin());
    store.read(chunk, old.clear().limit(length));
    int at = 0;
    while (at < length) {
      int end = endOfRun(at, length);
      if (!isZeros(at, length)) {
        write(base, chunk.origin() + at, old.slice(at, end - at));
      } else if (isSeen || !punch(base, chunk.origin() + at, end - at)) {
        writeZeros(base, chunk.origin() + at, end - at);
      }
      at = end;
    }
  }

  /** Returns where the blocks end that are all zeros, or all none. */
  private int endOfRun(int begin, int length) {
    boolean isZeros = isZeros(begin, length);
    int end = begin + BLOCK;
    while (end < length && isZeros(end, length) == isZeros) {
      end += BLOCK;
    }
    return Math.min(end, length);
  }

  private boolean isZeros(int at, int length) {
    int bytes = Math.min(BLOCK, length - at);
    return old.slice(at, bytes).equals(zeros.slice(0, bytes));
  }

  /**
   * Writes blocks also if they seem to be there: what an earlier attempt could not sync, the kernel
   * takes for written, though the disk may not have it.
   */
  private void write(OpenFile base, long offset, ByteBuffer block) throws IOException {
    try {
      base.write(block.duplicate(), offset);
    } catch (SystemCallException e) {
      // What shares its blocks with another file needs room to be written, if with the same bytes.
      if (e.errno().meaning() != Errno.Meaning.OUT_OF_SPACE || !isThere(base, offset, block)) {
        throw e;
      }
    }
  }

  /** Tells whether it did: not every file system can. */
  private static boolean punch(OpenFile base, long offset, int length) throws IOException {
    try {
      base.punchHole(offset, length);
      return true;
    } catch (SystemCallException e) {
      if (e.errno().meaning() != Errno.Meaning.UNSUPPORTED) {
        throw e;
      }
      return false;
    }
  }

  /** On a full file system there is room for what was there, but not for zeros in a hole. */
  private void writeZeros(OpenFile base, long offset, int length) throws IOException {
    long end = offset + length;
    for (long at = offset; at < end; at += BLOCK) {
      int bytes = (int) Math.min(BLOCK, end - at);
      if (base.nextData(at).orElse(end) < at + bytes) {
        write(base, at, zeros.slice(0, bytes));
      }
    }
  }

  private boolean isThere(OpenFile base, long offset, ByteBuffer block) throws IOException {
    readUpTo(base, offset, present.clear().limit(block.remaining()));
    return present.flip().equals(block);
  }

  /** Behind the end of the base there are zeros. */
  private static void readUpTo(OpenFile base, long offset, ByteBuffer into) throws IOException {
    while (into.hasRemaining()) {
      if (base.read(into, offset + into.position()) < 0) {
        while (into.hasRemaining()) {
          into.put((byte) 0);
        }
      }
    }
  }
}

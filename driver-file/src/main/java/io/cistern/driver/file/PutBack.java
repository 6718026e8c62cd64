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
 * they were written to first.
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
        try (OpenFile store = directory.openStore(layers.names().store())) {
          CowStore chunks = new CowStore(store);
          for (StoredChunk chunk : chunks.chunks()) {
            if (chunk.origin() < size) {
              put(chunks, chunk, base, size);
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

  private void put(CowStore store, StoredChunk chunk, OpenFile base, long size) throws IOException {
    int length = (int) Math.min(CowStore.CHUNK_BYTES, size - chunk.origin());
    store.read(chunk, old.clear().limit(length));
    readUpTo(base, chunk.origin(), present.clear().limit(length));
    int at = 0;
    while (at < length) {
      int end = Math.min(at + BLOCK, length);
      if (!old.slice(at, end - at).equals(present.slice(at, end - at))) {
        putBlock(base, chunk.origin() + at, old.slice(at, end - at));
      }
      at = end;
    }
  }

  /** On a full file system there is room for what was there, but not for zeros in a hole. */
  private void putBlock(OpenFile base, long offset, ByteBuffer block) throws IOException {
    if (block.equals(zeros.slice(0, block.remaining()))) {
      try {
        base.punchHole(offset, block.remaining());
        return;
      } catch (SystemCallException e) {
        if (e.errno().meaning() != Errno.Meaning.UNSUPPORTED) {
          throw e;
        }
      }
    }
    base.write(block, offset);
  }

  /** Behind the end of the base there are zeros. */
  private static void readUpTo(OpenFile base, long offset, ByteBuffer into) throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      if (base.read(into, offset + into.position() - start) < 0) {
        while (into.hasRemaining()) {
          into.put((byte) 0);
        }
      }
    }
  }
}

package io.cistern.testkit.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a disk holds, in memory: only blocks that are not zero take space, and an image can lie on
 * another one, of which it has only what is different. Not safe for use by many threads.
 */
public final class SparseImage {
  /** What is kept as a whole, in bytes. */
  static final int BLOCK = 4096;

  private static final byte[] ZEROS = new byte[BLOCK];

  private final long size;
  private final Optional<SparseImage> below;

  /** Arrays that are never written to. */
  private final Map<Long, byte[]> blocks = new HashMap<>();

  private SparseImage(long size, Optional<SparseImage> below) {
    this.size = size;
    this.below = below;
  }

  /** Makes one that is zero. */
  static SparseImage zero(long size) {
    return new SparseImage(size, Optional.empty());
  }

  /** Makes one that lies on this one, which must not change any more. */
  SparseImage above() {
    return new SparseImage(size, Optional.of(this));
  }

  long size() {
    return size;
  }

  private byte[] block(long index) {
    byte[] block = blocks.get(index);
    if (block != null) {
      return block;
    }
    return below.map(image -> image.block(index)).orElse(ZEROS);
  }

  void read(long offset, ByteBuffer target) {
    long position = offset;
    while (target.hasRemaining()) {
      int start = (int) (position % BLOCK);
      int length = Math.min(target.remaining(), BLOCK - start);
      target.put(block(position / BLOCK), start, length);
      position += length;
    }
  }

  void write(long offset, byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int start = (int) ((offset + done) % BLOCK);
      int length = Math.min(bytes.length - done, BLOCK - start);
      put((offset + done) / BLOCK, start, bytes, done, length);
      done += length;
    }
  }

  void zero(long offset, long length) {
    long position = offset;
    while (position < offset + length) {
      int start = (int) (position % BLOCK);
      int here = (int) Math.min(offset + length - position, BLOCK - start);
      if (block(position / BLOCK) != ZEROS) {
        put(position / BLOCK, start, ZEROS, 0, here);
      }
      position += here;
    }
  }

  private void put(long index, int start, byte[] bytes, int from, int length) {
    byte[] block = block(index).clone();
    System.arraycopy(bytes, from, block, start, length);
    boolean zero = Arrays.equals(block, ZEROS);
    if (zero && below.isEmpty()) {
      blocks.remove(index);
    } else {
      blocks.put(index, zero ? ZEROS : block);
    }
  }

  /** Returns what is different from the image below; equal for two images that hold the same. */
  Map<Long, ByteBuffer> difference() {
    Map<Long, ByteBuffer> result = new HashMap<>();
    blocks.forEach(
        (index, block) -> {
          byte[] lower = below.map(image -> image.block(index)).orElse(ZEROS);
          if (!Arrays.equals(block, lower)) {
            result.put(index, ByteBuffer.wrap(block));
          }
        });
    return result;
  }
}

package io.cistern.linux;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes content into a file that reads as zeros, and leaves out blocks that are zeros. The blocks
 * are aligned in the file, so that a hole frees what a file system allocates as a whole.
 */
final class SparseWriter {
  /** How much is read and written at a time. */
  static final int CHUNK = 1 << 20;

  private static final int MIN_BLOCK = 64 << 10;

  private final OpenFile target;
  private final int block;
  private final ByteBuffer zeros;

  private SparseWriter(OpenFile target, int block) {
    this.target = target;
    this.block = block;
    this.zeros = ByteBuffer.allocateDirect(block).asReadOnlyBuffer();
  }

  /** Makes the target as large as the content, and empty. */
  static SparseWriter into(OpenFile target, long size) throws IOException {
    long present = target.size();
    if (target.status().isRegularFile()) {
      if (present > 0) {
        target.truncate(0);
      }
      target.truncate(size);
    } else if (present < size) {
      throw new IOException(
          target.path() + " has " + present + " bytes, too few for content of " + size);
    }
    return new SparseWriter(target, MIN_BLOCK);
  }

  /** Writes what is in the buffer, in runs of blocks that are not zeros. */
  void write(ByteBuffer content, long offset) throws SystemCallException {
    int limit = content.limit();
    int runStart = content.position();
    int here = runStart;
    while (here < limit) {
      int next = (int) Math.min(limit, here + bytesToBoundary(offset + here - content.position()));
      if (isZero(content, here, next)) {
        writeRun(content, runStart, here, offset);
        runStart = next;
      }
      here = next;
    }
    writeRun(content, runStart, limit, offset);
  }

  private long bytesToBoundary(long offset) {
    return block - offset % block;
  }

  private boolean isZero(ByteBuffer content, int from, int to) {
    return content.slice(from, to - from).mismatch(zeros.slice(0, to - from)) < 0;
  }

  /** The offset is that of the buffer's position. */
  private void writeRun(ByteBuffer content, int from, int to, long offset)
      throws SystemCallException {
    if (from < to) {
      target.write(content.slice(from, to - from), offset + from - content.position());
    }
  }
}

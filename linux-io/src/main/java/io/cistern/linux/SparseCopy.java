package io.cistern.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * Copies a file by the data that SEEK_DATA finds, in reads of 1 MiB. Measured against {@code
 * copy_file_range} it was the quicker one on a cold cache, and it drops zeros besides.
 */
final class SparseCopy {
  private final OpenFile source;
  private final OpenFile map;
  private final long size;
  private final CopyListener listener;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SparseWriter.CHUNK);

  SparseCopy(OpenFile source, OpenFile map, long size, CopyListener listener) {
    this.source = source;
    this.map = map;
    this.size = size;
    this.listener = listener;
  }

  void into(SparseWriter target) throws IOException {
    long done = 0;
    while (done < size) {
      long data = dataAt(done);
      if (data > done) {
        listener.copied(data, size);
      }
      done = data < size ? copyData(data, holeAfter(data), target) : size;
    }
    refuseIfShrunk();
    if (size == 0) {
      listener.copied(0, 0);
    }
  }

  private long copyData(long from, long to, SparseWriter target) throws IOException {
    long done = from;
    while (done < to) {
      // Up to a multiple of the chunk, so that later chunks are aligned.
      long room = SparseWriter.CHUNK - done % SparseWriter.CHUNK;
      buffer.clear().limit((int) Math.min(room, to - done));
      readFully(done);
      target.write(buffer.flip(), done);
      done += buffer.limit();
      listener.copied(done, size);
    }
    return done;
  }

  private void readFully(long offset) throws IOException {
    while (buffer.hasRemaining()) {
      long here = offset + buffer.position();
      if (source.read(buffer, here) < 0) {
        throw new LengthMismatchException(size, here);
      }
    }
  }

  /** Returns the size if there are no more data. */
  private long dataAt(long offset) throws SystemCallException {
    try {
      OptionalLong data = map.nextData(offset);
      return Math.min(size, data.orElse(size));
    } catch (SystemCallException e) {
      return elsewhere(e, offset);
    }
  }

  private long holeAfter(long offset) throws SystemCallException {
    try {
      return Math.min(size, map.nextHole(offset));
    } catch (SystemCallException e) {
      return elsewhere(e, size);
    }
  }

  /** Where holes cannot be asked for, such as on a block device, all is data. */
  private static long elsewhere(SystemCallException failure, long answer)
      throws SystemCallException {
    if (failure.errno().saysCannotSeekData()) {
      return answer;
    }
    throw failure;
  }

  private void refuseIfShrunk() throws IOException {
    long now = source.size();
    if (now < size) {
      throw new LengthMismatchException(size, now);
    }
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.StorageException.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Copies a channel into a place that reads as zeros, and writes no zeros there. */
final class ChannelCopy {
  private static final int CHUNK = 1 << 20;
  private static final int BLOCK = 1 << 16;

  private ChannelCopy() {}

  static void copy(ReadableByteChannel source, Path target, long size, CopyProgress progress)
      throws IOException {
    try (SeekableByteChannel out = Files.newByteChannel(target, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
      long done = 0;
      while (done < size) {
        buffer.clear().limit((int) Math.min(CHUNK, size - done));
        readFully(source, buffer);
        if (buffer.position() == 0) {
          throw mismatch(size, "it ended after " + done);
        }
        buffer.flip();
        writeData(buffer, out, done);
        done += buffer.limit();
        progress.copied(done, size);
      }
      checkEnd(source, size);
    }
  }

  private static void readFully(ReadableByteChannel source, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining() && source.read(buffer) >= 0) {
      // A channel may give less than was asked for.
    }
  }

  private static void writeData(ByteBuffer buffer, SeekableByteChannel out, long offset)
      throws IOException {
    for (int start = 0; start < buffer.limit(); start += BLOCK) {
      ByteBuffer block = buffer.slice(start, Math.min(BLOCK, buffer.limit() - start));
      if (!isZero(block)) {
        out.position(offset + start);
        while (block.hasRemaining()) {
          out.write(block);
        }
      }
    }
  }

  private static boolean isZero(ByteBuffer block) {
    return block.mismatch(ByteBuffer.allocate(block.remaining())) < 0;
  }

  private static void checkEnd(ReadableByteChannel source, long size) throws IOException {
    ByteBuffer more = ByteBuffer.allocate(1);
    readFully(source, more);
    if (more.position() > 0) {
      throw mismatch(size, "it went on after " + size);
    }
  }

  private static DriverException mismatch(long size, String what) {
    return new DriverException(
        Code.INVALID_ARGUMENT,
        "the channel was to give exactly %d bytes, but %s".formatted(size, what),
        "Give the size that the content has; nothing has changed");
  }
}

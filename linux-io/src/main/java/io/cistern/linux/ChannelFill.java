package io.cistern.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;

/** Takes exactly so many bytes from a channel. */
final class ChannelFill {
  private final ReadableByteChannel source;
  private final long size;
  private final CopyListener listener;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SparseWriter.CHUNK);

  ChannelFill(ReadableByteChannel source, long size, CopyListener listener) {
    if (source instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
    this.source = source;
    this.size = size;
    this.listener = listener;
  }

  void into(SparseWriter target) throws IOException {
    long done = 0;
    while (done < size) {
      buffer.clear().limit((int) Math.min(SparseWriter.CHUNK, size - done));
      readFully();
      if (buffer.hasRemaining()) {
        throw new LengthMismatchException(size, done + buffer.position());
      }
      target.write(buffer.flip(), done);
      done += buffer.limit();
      listener.copied(done, size);
    }
    refuseIfLonger();
    if (size == 0) {
      listener.copied(0, 0);
    }
  }

  /** Leaves room in the buffer only if the channel has ended. */
  private void readFully() throws IOException {
    while (buffer.hasRemaining() && source.read(buffer) >= 0) {
      Thread.onSpinWait();
    }
  }

  private void refuseIfLonger() throws IOException {
    buffer.clear().limit(1);
    readFully();
    if (buffer.position() > 0) {
      throw new LengthMismatchException(size, size + buffer.position());
    }
  }
}

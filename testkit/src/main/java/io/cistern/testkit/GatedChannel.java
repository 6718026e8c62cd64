package io.cistern.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CompletableFuture;

/** Gives half of some content, then waits at a gate before it gives the rest. */
final class GatedChannel implements ReadableByteChannel {
  private static final int CHUNK = 1 << 14;

  private final byte[] bytes;
  private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
  private boolean gateOpen;
  private boolean closed;
  private int position;

  GatedChannel(Content content) {
    this.bytes = content.bytes();
  }

  /** One whose gate is open from the start. */
  static GatedChannel open(Content content) {
    GatedChannel channel = new GatedChannel(content);
    channel.openGate();
    return channel;
  }

  /** Completes when somebody waits at the gate. */
  CompletableFuture<Boolean> reached() {
    return reached;
  }

  synchronized void openGate() {
    gateOpen = true;
    notifyAll();
  }

  @Override
  public synchronized int read(ByteBuffer target) throws IOException {
    if (position >= bytes.length / 2) {
      passGate();
    }
    if (position == bytes.length) {
      return -1;
    }
    int count = Math.min(Math.min(CHUNK, target.remaining()), bytes.length - position);
    target.put(bytes, position, count);
    position += count;
    return count;
  }

  private synchronized void passGate() throws IOException {
    reached.complete(true);
    try {
      while (!gateOpen && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    if (closed) {
      throw new AsynchronousCloseException();
    }
  }

  @Override
  public synchronized boolean isOpen() {
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}

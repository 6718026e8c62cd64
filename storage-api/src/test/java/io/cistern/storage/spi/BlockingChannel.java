package io.cistern.storage.spi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A channel that gives nothing and keeps its reader waiting until it is closed. */
class BlockingChannel implements ReadableByteChannel {
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  @Override
  public int read(ByteBuffer target) throws IOException {
    reading.countDown();
    await(closed);
    throw new AsynchronousCloseException();
  }

  void awaitReading() throws IOException {
    await(reading);
  }

  @Override
  public boolean isOpen() {
    return closed.getCount() > 0;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new IOException("waited for too long");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}

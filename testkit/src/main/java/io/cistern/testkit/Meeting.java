package io.cistern.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Channels whose readers wait for each other; if one is kept out, the rest give up in the end. */
final class Meeting {
  /** Less than the patience of any place, so that it is this that is told. */
  private static final long LONGEST_SECONDS = 30;

  private final CountDownLatch missing;

  Meeting(int participants) {
    this.missing = new CountDownLatch(participants);
  }

  boolean tookPlace() {
    return missing.getCount() == 0;
  }

  ReadableByteChannel channel(Content content) {
    ReadableByteChannel channel = GatedChannel.open(content);
    return new ReadableByteChannel() {
      private boolean here;

      @Override
      public int read(ByteBuffer target) throws IOException {
        if (!here) {
          here = true;
          meet();
        }
        return channel.read(target);
      }

      @Override
      public boolean isOpen() {
        return channel.isOpen();
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  private void meet() throws IOException {
    missing.countDown();
    try {
      if (!missing.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the other copy was not begun while this one ran");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}

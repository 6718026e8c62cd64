package io.cistern.storage.spi;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A point in a primitive at which a thread waits until the test lets it go on. */
final class Blocker implements FakePlace.Action {
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Override
  public void run() {
    reached.countDown();
    await(released, "the test did not release the primitive");
  }

  void awaitReached() {
    await(reached, "the primitive was not called");
  }

  boolean isReached() {
    return reached.getCount() == 0;
  }

  void release() {
    released.countDown();
  }

  private static void await(CountDownLatch latch, String otherwise) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError(otherwise);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(otherwise, e);
    }
  }
}

package io.cistern.testkit.memory;

import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What drivers of the tests do in the background, when the operation was reported done. */
final class LateWork {
  private static final Duration LATER = Duration.ofMillis(100);
  private static final Set<Thread> WORKING = ConcurrentHashMap.newKeySet();

  private LateWork() {}

  /** Something that touches files. */
  interface Work {
    void run() throws IOException;
  }

  static void begin(Work work) {
    Thread thread = new Thread(() -> doLater(work), "late-work");
    WORKING.add(thread);
    thread.start();
  }

  private static void doLater(Work work) {
    Uninterruptibles.sleepUninterruptibly(LATER);
    try {
      work.run();
    } catch (IOException e) {
      throw new AssertionError("what comes in the background fails", e);
    } finally {
      WORKING.remove(Thread.currentThread());
    }
  }

  /** Waits until nobody works. */
  static void await() {
    WORKING.forEach(Uninterruptibles::joinUninterruptibly);
  }
}

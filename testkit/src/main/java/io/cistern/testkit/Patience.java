package io.cistern.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long something is waited for that may have to wait itself: several times as long as it takes
 * when nothing is in its way, which differs between a file system and emulated commands of LVM.
 *
 * @param leastMillis how long at least
 */
record Patience(long leastMillis) {
  private static final int TIMES = 4;

  /**
   * Does it with nothing in its way, and tells how long to wait for another one.
   *
   * @param most how long what waits for it may take as a whole
   */
  long of(Runnable undisturbed, Duration most) {
    long begun = System.nanoTime();
    undisturbed.run();
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    return Math.min(Math.max(leastMillis, TIMES * took), most.toMillis() / TIMES);
  }
}

package io.cistern.linux;

import com.sun.jna.LastErrorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells udev, where it runs, to leave a device alone: not to look into it, since a VM writes what
 * is there, and not to make names for it. The number goes with the event; udev's rules for
 * device-mapper read the flags in its upper half, and when they are done they count down the
 * semaphore of its lower half (see semget(2), and "udev_wait" in dmsetup(8), whose protocol this
 * is).
 */
final class UdevCookie implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UdevCookie.class);
  private static final Path UDEV = Path.of("/run/udev/control");

  /** No rules for names, subsystems, disks and others; what was activated is the real thing. */
  private static final int LEAVE_ALONE = 0x0001 | 0x0002 | 0x0004 | 0x0008 | 0x0040;

  private static final int MAGIC = 0x0d4d;
  private static final int IPC_CREAT_EXCL_OWNER = 01000 | 02000 | 0600;
  private static final int IPC_RMID = 0;
  private static final int GETVAL = 12;
  private static final int SETVAL = 16;
  private static final int ATTEMPTS = 100;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Kernel kernel;
  private final int number;
  private final int semaphore;
  private boolean expected;

  private UdevCookie(Kernel kernel, int number, int semaphore) {
    this.kernel = kernel;
    this.number = number;
    this.semaphore = semaphore;
  }

  static UdevCookie make(Kernel kernel) throws SystemCallException {
    if (!Files.exists(UDEV)) {
      return new UdevCookie(kernel, 0, -1);
    }
    for (int attempt = 1; ; attempt++) {
      int number = ThreadLocalRandom.current().nextInt(1, 1 << 16);
      try {
        long made =
            kernel.call(
                "semget",
                "udev's cookie " + number,
                () -> LibC.semget((MAGIC << 16) | number, 1, IPC_CREAT_EXCL_OWNER));
        UdevCookie cookie = new UdevCookie(kernel, number, (int) made);
        cookie.set(1);
        return cookie;
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EEXIST) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Returns what goes with the event; 0 where there is no udev. */
  int event() {
    return number == 0 ? 0 : (LEAVE_ALONE << 16) | number;
  }

  /** The kernel has sent the event, so udev will count down. */
  void sent() {
    expected = true;
  }

  /** Waits until udev is done, for a while: a device works without it. */
  @Override
  public void close() {
    if (number == 0) {
      return;
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (expected && value() > 0) {
      if (System.nanoTime() - deadline > 0) {
        log.warn("udev has not handled an event of device-mapper within 10 seconds");
        break;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    try {
      kernel.giveBack(
          "semctl(IPC_RMID)",
          "udev's cookie " + number,
          () -> VariadicLibC.INSTANCE.semctl(semaphore, 0, IPC_RMID));
    } catch (SystemCallException e) {
      log.warn("a semaphore for udev is left: {}", e.getMessage());
    }
  }

  private void set(long value) throws SystemCallException {
    try {
      VariadicLibC.INSTANCE.semctl(semaphore, 0, SETVAL, value);
    } catch (LastErrorException e) {
      close();
      throw new SystemCallException(
          new SystemCall("semctl(SETVAL)", "udev's cookie " + number), Errno.of(e.getErrorCode()));
    }
  }

  private int value() {
    try {
      return VariadicLibC.INSTANCE.semctl(semaphore, 0, GETVAL);
    } catch (LastErrorException e) {
      // "dmsetup udevcomplete_all" has removed it: somebody has lost patience.
      return 0;
    }
  }
}

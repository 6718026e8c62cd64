package io.cistern.linux;

import com.sun.jna.Memory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells udev, where it runs, to leave a device alone: not to look into it, since a VM writes what
 * is there, and not to make names for it. A number goes with each event; udev's rules for
 * device-mapper read the flags in its upper half, and when they are done they count down the
 * semaphore of its lower half (see semget(2), and "udevcomplete" in dmsetup(8), whose protocol this
 * is).
 *
 * <p>Nobody waits for udev: the kernel makes the nodes, and udev has nothing to do with them. So
 * one semaphore does for all events, and if there is none, the device works all the same.
 */
final class UdevEvents implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UdevEvents.class);
  private static final Path UDEV = Path.of("/run/udev/control");

  /** No rules for names, subsystems, disks and others; what was activated is the real thing. */
  private static final int LEAVE_ALONE = 0x0001 | 0x0002 | 0x0004 | 0x0008 | 0x0040;

  private static final int MAGIC = 0x0d4d;
  private static final int IPC_CREAT_EXCL_OWNER = 01000 | 02000 | 0600;
  private static final short IPC_NOWAIT = 04000;
  private static final int IPC_RMID = 0;
  private static final int GETVAL = 12;
  private static final int ATTEMPTS = 100;
  private static final int NONE = -1;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final Kernel kernel;
  private int number;
  private int semaphore = NONE;

  UdevEvents(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Returns what goes with the next event, and counts it; 0 where there is no udev. */
  synchronized int begin() {
    if (!Files.exists(UDEV)) {
      return 0;
    }
    try {
      if (semaphore == NONE) {
        make();
      }
      count(1);
      return (LEAVE_ALONE << 16) | number;
    } catch (SystemCallException e) {
      log.debug("udev is not told to leave a device alone: {}", e.getMessage());
      semaphore = NONE;
      return 0;
    }
  }

  /** The kernel has sent no event, so udev will not count down. */
  synchronized void notSent(int event) {
    if (event != 0 && semaphore != NONE) {
      try {
        count(-1);
      } catch (SystemCallException e) {
        log.debug("an event for udev is counted that was not sent: {}", e.getMessage());
      }
    }
  }

  private void make() throws SystemCallException {
    for (int attempt = 1; semaphore == NONE; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(1, 1 << 16);
      try {
        semaphore =
            (int)
                kernel.call(
                    "semget",
                    "for udev's cookie " + candidate,
                    () -> LibC.semget((MAGIC << 16) | candidate, 1, IPC_CREAT_EXCL_OWNER));
        number = candidate;
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EEXIST) || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void count(int by) throws SystemCallException {
    try (Memory operation = new Memory(6)) {
      operation.setShort(0, (short) 0);
      operation.setShort(2, (short) by);
      operation.setShort(4, IPC_NOWAIT);
      kernel.call(
          "semop", "for udev's cookie " + number, () -> LibC.semop(semaphore, operation, 1));
    }
  }

  /** Gives udev a moment to count down, and removes the semaphore. */
  @Override
  public synchronized void close() {
    if (semaphore == NONE) {
      return;
    }
    int removed = semaphore;
    semaphore = NONE;
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    try {
      while (VariadicLibC.INSTANCE.semctl(removed, 0, GETVAL) > 0
          && System.nanoTime() - deadline < 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      kernel.giveBack(
          "semctl(IPC_RMID)",
          "of udev's cookie " + number,
          () -> VariadicLibC.INSTANCE.semctl(removed, 0, IPC_RMID));
    } catch (SystemCallException | com.sun.jna.LastErrorException e) {
      // "dmsetup udevcomplete_all" may have removed it.
      log.debug("the semaphore for udev is gone or stays: {}", e.getMessage());
    }
  }
}

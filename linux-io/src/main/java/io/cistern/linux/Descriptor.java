package io.cistern.linux;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns a file descriptor. Closing waits for the calls that use it: its number belongs to the next
 * file that is opened, and a late write would go there.
 */
final class Descriptor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Descriptor.class);

  private final Kernel kernel;
  private final int number;
  private final Path path;

  /** Guarded by this. */
  private int users;

  /** Guarded by this. */
  private boolean closed;

  Descriptor(Kernel kernel, int number, Path path) {
    this.kernel = kernel;
    this.number = number;
    this.path = path;
  }

  /** A call on the descriptor. */
  @FunctionalInterface
  interface Use {
    long run(int fd);
  }

  /** Something on the descriptor that may fail. */
  @FunctionalInterface
  interface Loan<T> {
    T run(int fd) throws SystemCallException;
  }

  Kernel kernel() {
    return kernel;
  }

  Path path() {
    return path;
  }

  /** Returns the path of an entry, for messages: the JDK has no path for some names. */
  String full(String name) {
    return path + "/" + name;
  }

  /** Makes a call with the path as its argument. */
  long call(String name, Use use) throws SystemCallException {
    return call(name, path.toString(), use);
  }

  long call(String name, String arguments, Use use) throws SystemCallException {
    return lend(fd -> kernel.call(name, arguments, () -> use.run(fd)));
  }

  /** Moves bytes. */
  @FunctionalInterface
  interface Transfer {
    long run(int fd, long length);
  }

  /** Makes a call that moves bytes, up to so many. */
  long transfer(String name, String arguments, long length, Transfer transfer)
      throws SystemCallException {
    return lend(
        fd -> kernel.transfer(name, arguments, length, allowed -> transfer.run(fd, allowed)));
  }

  /** Makes a call that only makes something durable. */
  void sync(String name, Use use) throws SystemCallException {
    lend(
        fd -> {
          kernel.sync(name, path.toString(), () -> use.run(fd));
          return true;
        });
  }

  /** Keeps the descriptor open while the loan lasts. */
  <T> T lend(Loan<T> loan) throws SystemCallException {
    int fd = acquire();
    try {
      return loan.run(fd);
    } finally {
      release();
    }
  }

  /** Returns the number, for a path below {@code /proc/self/fd}. */
  synchronized int number() {
    refuseIfClosed();
    return number;
  }

  private synchronized int acquire() {
    refuseIfClosed();
    users++;
    return number;
  }

  private synchronized void release() {
    users--;
    notifyAll();
  }

  private void refuseIfClosed() {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
  }

  /**
   * Closes it once; later calls do nothing. Whatever close(2) returns, the descriptor is gone, and
   * what had to be durable was synced before: so its error is logged, and is no failure of an
   * operation that has done all else.
   */
  @Override
  public void close() {
    if (isFirstToClose()) {
      try {
        kernel.giveBack("close", path.toString(), () -> LibC.close(number));
      } catch (SystemCallException e) {
        log.warn("closed all the same: {}", e.getMessage());
      }
    }
  }

  private synchronized boolean isFirstToClose() {
    if (closed) {
      return false;
    }
    closed = true;
    boolean interrupted = false;
    while (users > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return true;
  }
}

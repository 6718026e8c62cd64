package io.cistern.linux;

/**
 * Finds out whether a file is open elsewhere, by a write lease (see "Leases" in fcntl(2)): the
 * kernel grants it only if the descriptor that asks is the only one on the inode, in this process
 * or any other, on a loop device or behind a mapping.
 */
final class Lease {
  /** The default action is to ignore it. {@code SIGURG} of {@code asm-generic/signal.h}. */
  private static final long SIGURG = 23;

  /** What the kernel said to a request for a lease. */
  enum Answer {
    /** Nobody else has the file open. */
    GRANTED,
    /** Somebody has it open. */
    REFUSED,
    /** The file is another user's, and this process has no CAP_LEASE. */
    DENIED,
    /** No leases on this file system. */
    UNKNOWN
  }

  private Lease() {}

  /**
   * Asks for a lease and gives it back at once. An opener that comes in between waits for that
   * instant, or gets EAGAIN if it opens with O_NONBLOCK; the kernel sends this process the signal
   * that F_SETSIG has set, and without it SIGIO, which kills a JVM.
   */
  static Answer probe(Descriptor file) throws SystemCallException {
    VariadicLibC c = VariadicLibC.INSTANCE;
    return file.lend(
        fd -> {
          file.call("fcntl(F_SETSIG)", f -> c.fcntl(f, VariadicLibC.F_SETSIG, SIGURG));
          Answer answer = request(file);
          if (answer == Answer.GRANTED) {
            file.kernel()
                .giveBack(
                    "fcntl(F_SETLEASE, F_UNLCK)",
                    file.path().toString(),
                    () -> c.fcntl(fd, VariadicLibC.F_SETLEASE, VariadicLibC.F_UNLCK));
          }
          return answer;
        });
  }

  private static Answer request(Descriptor file) throws SystemCallException {
    try {
      file.call(
          "fcntl(F_SETLEASE, F_WRLCK)",
          fd -> VariadicLibC.INSTANCE.fcntl(fd, VariadicLibC.F_SETLEASE, VariadicLibC.F_WRLCK));
      return Answer.GRANTED;
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return Answer.REFUSED;
      }
      return e.errno().equals(Errno.EACCES) ? Answer.DENIED : Answer.UNKNOWN;
    }
  }
}

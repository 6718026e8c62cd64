package io.cistern.linux;

/** Takes flock(2) locks. */
final class FileLocks {
  private FileLocks() {}

  /** Tells whether nobody else had it. */
  static boolean tryLock(Descriptor descriptor) throws SystemCallException {
    try {
      descriptor.call("flock", fd -> LibC.flock(fd, LibC.LOCK_EX_NB));
      return true;
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EAGAIN)) {
        return false;
      }
      throw e;
    }
  }
}

package io.cistern.linux;

import java.io.IOException;
import java.util.Optional;

/**
 * A system call failed. The message has the call, what it worked on and the error: {@code
 * "ioctl(FICLONE) /srv/vms/b.img from /srv/vms/a.img: EOPNOTSUPP (Operation not supported)"}.
 */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final Errno errno;

  SystemCallException(SystemCall call, Errno errno) {
    this(call, errno, errno.description());
  }

  SystemCallException(SystemCall call, Errno errno, String explanation) {
    super(call + ": " + errno + " (" + explanation + ")");
    this.call = call.name();
    this.errno = errno;
  }

  /** Returns the call, as {@link SystemCall#name()} has it. */
  public String call() {
    return call;
  }

  /**
   * Tells whether the disk did not take what was written earlier, of which Linux tells only once
   * ({@code fsync(2)}).
   */
  public boolean isLostWrite() {
    return (call.equals("fsync") || call.equals("fdatasync")) && errno.equals(Errno.EIO);
  }

  /** Returns the error. */
  public Errno errno() {
    return errno;
  }

  /** Turns the error that means "there is none" into an empty answer. */
  <T> Optional<T> emptyIfAbsent() throws SystemCallException {
    if (errno.meaning() == Errno.Meaning.ABSENT) {
      return Optional.empty();
    }
    throw this;
  }
}

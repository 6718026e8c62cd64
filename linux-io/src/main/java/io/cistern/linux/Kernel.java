package io.cistern.linux;

import com.sun.jna.LastErrorException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes system calls: each passes the seam, and each failure becomes a SystemCallException. */
final class Kernel {
  private final SystemCallSeam seam;

  Kernel(SystemCallSeam seam) {
    this.seam = seam;
  }

  /** The call itself. Fails with LastErrorException, which is unchecked. */
  @FunctionalInterface
  interface Body {
    long run();
  }

  /** Something made of many small calls that is one step for the seam. */
  @FunctionalInterface
  interface Search<T> {
    T run() throws SystemCallException;
  }

  /** Makes a call; a signal that interrupts it starts it again. */
  long call(String name, String arguments, Body body) throws SystemCallException {
    SystemCall call = new SystemCall(name, arguments);
    Body injected = withInjected(call, body);
    long result;
    try {
      result = uninterrupted(injected);
    } catch (LastErrorException e) {
      throw failed(call, Errno.of(e.getErrorCode()));
    }
    seam.after(call, Optional.empty());
    return result;
  }

  /** Something that moves bytes, up to so many. */
  @FunctionalInterface
  interface Transfer {
    long run(long length);
  }

  /** Makes a call that moves bytes, or only some of them if the seam says so. */
  long transfer(String name, String arguments, long length, Transfer transfer)
      throws SystemCallException {
    SystemCall call = new SystemCall(name, arguments);
    return call(
        name,
        arguments,
        () -> transfer.run(length > 1 && seam.shortens(call) ? length / 2 : length));
  }

  /** Makes a call that only makes something durable, unless the seam leaves it out. */
  void sync(String name, String arguments, Body body) throws SystemCallException {
    SystemCall call = new SystemCall(name, arguments);
    call(name, arguments, () -> seam.leavesOut(call) ? 0 : body.run());
  }

  /** Makes a call that opens a descriptor, which is closed again if the seam dies after it. */
  Descriptor open(String name, Path path, Body body) throws SystemCallException {
    SystemCall call = new SystemCall(name, path.toString());
    Body injected = withInjected(call, body);
    int fd;
    try {
      fd = (int) uninterrupted(injected);
    } catch (LastErrorException e) {
      throw failed(call, Errno.of(e.getErrorCode()));
    }
    boolean reported = false;
    try {
      seam.after(call, Optional.empty());
      reported = true;
    } finally {
      if (!reported) {
        attempt(() -> LibC.close(fd));
      }
    }
    return new Descriptor(this, fd, path);
  }

  /** Makes a call that gives something back; it is made whatever the seam says, and made once. */
  void giveBack(String name, String arguments, Body body) throws SystemCallException {
    SystemCall call = new SystemCall(name, arguments);
    Optional<Errno> injected;
    Optional<Errno> real;
    try {
      injected = seam.before(call);
    } finally {
      real = attempt(body);
    }
    Optional<Errno> failure = injected.isPresent() ? injected : real;
    seam.after(call, failure);
    if (failure.isPresent()) {
      throw new SystemCallException(call, failure.get());
    }
  }

  /** Makes many small calls as one step. */
  <T> T search(String name, String arguments, Search<T> search) throws SystemCallException {
    SystemCall call = new SystemCall(name, arguments);
    Optional<Errno> injected = seam.before(call);
    if (injected.isPresent()) {
      throw failed(call, injected.get());
    }
    T result;
    try {
      result = search.run();
    } catch (SystemCallException e) {
      seam.after(call, Optional.of(e.errno()));
      throw e;
    } catch (LastErrorException e) {
      throw failed(call, Errno.of(e.getErrorCode()));
    }
    seam.after(call, Optional.empty());
    return result;
  }

  /** Asks the seam; an error that it injects goes the way of a real one, EINTR too. */
  private Body withInjected(SystemCall call, Body body) {
    Optional<Errno> injected = seam.before(call);
    return injected.isPresent() ? new FailingOnce(injected.get(), body) : body;
  }

  /** A call that fails when it is made first. */
  private static final class FailingOnce implements Body {
    private final Errno errno;
    private final Body body;
    private boolean failed;

    FailingOnce(Errno errno, Body body) {
      this.errno = errno;
      this.body = body;
    }

    @Override
    public long run() {
      if (failed) {
        return body.run();
      }
      failed = true;
      throw new LastErrorException(errno.number());
    }
  }

  private SystemCallException failed(SystemCall call, Errno errno) {
    seam.after(call, Optional.of(errno));
    return new SystemCallException(call, errno);
  }

  private static long uninterrupted(Body body) {
    while (true) {
      try {
        return body.run();
      } catch (LastErrorException e) {
        if (e.getErrorCode() != Errno.EINTR.number()) {
          throw e;
        }
      }
    }
  }

  /** EINTR is no failure here: Linux has closed the descriptor nevertheless, see close(2). */
  private static Optional<Errno> attempt(Body body) {
    try {
      body.run();
      return Optional.empty();
    } catch (LastErrorException e) {
      return Optional.of(Errno.of(e.getErrorCode())).filter(errno -> !errno.equals(Errno.EINTR));
    }
  }
}

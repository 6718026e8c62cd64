package io.cistern.linux;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Opens directories and files. What is opened by a name inside a directory is never a symbolic
 * link, and what is opened as a file is a file.
 */
final class Opener {
  /** How long an opener waits for a lease that is being given up; ours last microseconds. */
  private static final long LEASE_PATIENCE = TimeUnit.SECONDS.toNanos(5);

  private static final long LEASE_PAUSE = TimeUnit.MICROSECONDS.toNanos(200);

  private final Kernel kernel;
  private final Architecture architecture;

  Opener(Kernel kernel, Architecture architecture) {
    this.kernel = kernel;
    this.architecture = architecture;
  }

  Kernel kernel() {
    return kernel;
  }

  Architecture architecture() {
    return architecture;
  }

  int directoryFlags() {
    return Architecture.O_RDONLY | Architecture.O_CLOEXEC | architecture.openDirectory;
  }

  Descriptor directory(Path path) throws SystemCallException {
    return open("openat", LibC.AT_FDCWD, path, path.toString(), directoryFlags());
  }

  Descriptor directory(Descriptor parent, String name) throws SystemCallException {
    EntryName.encode(name);
    Path path = parent.path().resolve(name);
    int flags = directoryFlags() | architecture.openNoFollow;
    try {
      return parent.lend(fd -> open("openat", fd, path, name, flags));
    } catch (SystemCallException e) {
      throw e.errno().equals(Errno.ENOTDIR) ? notADirectory(parent, name, e) : e;
    }
  }

  /** With O_DIRECTORY the kernel says ENOTDIR to a symbolic link too; callers want to know. */
  private static SystemCallException notADirectory(
      Descriptor parent, String name, SystemCallException failure) throws SystemCallException {
    Optional<FileStatus> status = Statx.of(parent, name);
    if (status.isEmpty()) {
      return failure;
    }
    FileStatus.Type type = status.get().type();
    Errno errno = type == FileStatus.Type.SYMBOLIC_LINK ? Errno.ELOOP : Errno.ENOTDIR;
    return refusal(parent.path().resolve(name), errno, "a " + type + ", not a directory");
  }

  OpenFile file(Path path, Access access) throws SystemCallException {
    int flags = flags(access) | Architecture.O_NONBLOCK;
    Descriptor descriptor = openPatiently(() -> open(LibC.AT_FDCWD, path, flags));
    return checked(descriptor, true);
  }

  OpenFile file(Descriptor directory, String name, Access access) throws SystemCallException {
    EntryName.encode(name);
    Path path = directory.path().resolve(name);
    int flags = flags(access) | Architecture.O_NONBLOCK | architecture.openNoFollow;
    Descriptor descriptor =
        openPatiently(() -> directory.lend(fd -> open("openat", fd, path, name, flags)));
    return checked(descriptor, false);
  }

  OpenFile create(Descriptor directory, String name) throws SystemCallException {
    EntryName.encode(name);
    Path path = directory.path().resolve(name);
    int flags = flags(Access.READ_WRITE) | Architecture.O_CREAT | Architecture.O_EXCL;
    return new OpenFile(
        directory.lend(fd -> open("openat(O_CREAT)", fd, path, name, flags, 0600)), this);
  }

  /** Opens anything, for a device's own ioctls. */
  Descriptor device(Path path, Access access) throws SystemCallException {
    return open(LibC.AT_FDCWD, path, flags(access) | Architecture.O_NONBLOCK);
  }

  /**
   * Opens a device inside a search, which is one step for the seam.
   *
   * @throws com.sun.jna.LastErrorException if it cannot be opened
   */
  int quietly(Path device) {
    byte[] bytes = EntryName.encodeText(device.toString());
    int flags = flags(Access.READ) | Architecture.O_NONBLOCK;
    return VariadicLibC.INSTANCE.openat(LibC.AT_FDCWD, bytes, flags);
  }

  private Descriptor open(int directory, Path path, int flags) throws SystemCallException {
    return open("openat", directory, path, path.toString(), flags);
  }

  private Descriptor open(
      String call, int directory, Path path, String name, int flags, Object... mode)
      throws SystemCallException {
    byte[] bytes = EntryName.encodeText(name);
    return kernel.open(
        call, path, () -> VariadicLibC.INSTANCE.openat(directory, bytes, flags, mode));
  }

  /**
   * O_NONBLOCK keeps a planted FIFO from blocking us, but has the kernel answer EAGAIN where it
   * would wait for a lease, such as {@link Lease} takes for an instant.
   */
  private static Descriptor openPatiently(Kernel.Search<Descriptor> open)
      throws SystemCallException {
    long deadline = System.nanoTime() + LEASE_PATIENCE;
    while (true) {
      try {
        return open.run();
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EAGAIN) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(LEASE_PAUSE);
      }
    }
  }

  private OpenFile checked(Descriptor descriptor, boolean devicesToo) throws SystemCallException {
    try {
      refuseUnlessFile(descriptor, devicesToo);
      return new OpenFile(descriptor, this);
    } catch (SystemCallException | RuntimeException | Error e) {
      try {
        descriptor.close();
      } catch (RuntimeException | Error alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      throw e;
    }
  }

  private static void refuseUnlessFile(Descriptor descriptor, boolean devicesToo)
      throws SystemCallException {
    FileStatus.Type type = Statx.of(descriptor).type();
    boolean isDevice = type == FileStatus.Type.BLOCK_DEVICE;
    if (type == FileStatus.Type.REGULAR_FILE || (devicesToo && isDevice)) {
      return;
    }
    Errno errno = type == FileStatus.Type.DIRECTORY ? Errno.EISDIR : Errno.EINVAL;
    throw refusal(descriptor.path(), errno, "a " + type + ", not a regular file");
  }

  private static SystemCallException refusal(Path path, Errno errno, String explanation) {
    return new SystemCallException(new SystemCall("openat", path.toString()), errno, explanation);
  }

  private static int flags(Access access) {
    int mode = access == Access.READ ? Architecture.O_RDONLY : Architecture.O_RDWR;
    return mode | Architecture.O_CLOEXEC;
  }
}

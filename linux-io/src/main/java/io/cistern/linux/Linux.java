package io.cistern.linux;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The entry point: opens directories and files. Has no state but the seam, and is safe for use by
 * many threads, as is all that it returns.
 */
public final class Linux {
  private final Kernel kernel;
  private final Opener opener;

  private Linux(SystemCallSeam seam) {
    this.kernel = new Kernel(seam);
    this.opener = new Opener(kernel, Architecture.current());
  }

  /**
   * Returns Linux as it is.
   *
   * @throws IllegalStateException if it is {@link #unavailable()}
   */
  public static Linux create() {
    return create(SystemCallSeam.none());
  }

  /**
   * Returns Linux with a seam that every call passes.
   *
   * @throws IllegalStateException if it is {@link #unavailable()}
   */
  public static Linux create(SystemCallSeam seam) {
    unavailable()
        .ifPresent(
            reason -> {
              throw new IllegalStateException(reason);
            });
    return new Linux(seam);
  }

  /**
   * Returns why system calls cannot be made in this process, and what to do about it; empty if they
   * can. Found out once.
   */
  public static Optional<String> unavailable() {
    return Availability.PROBLEM;
  }

  /** Opens a directory, following symbolic links in the whole path; see open(2). */
  public Directory openDirectory(Path path) throws SystemCallException {
    return new Directory(opener, opener.directory(path));
  }

  /** Opens a directory as {@link #openDirectory} does; empty if there is none. */
  public Optional<Directory> openDirectoryIfPresent(Path path) throws SystemCallException {
    try {
      return Optional.of(openDirectory(path));
    } catch (SystemCallException e) {
      return e.emptyIfAbsent();
    }
  }

  /**
   * Opens a regular file or a block device by its path, following symbolic links, so that {@code
   * /proc/self/fd/N} works too; see open(2). Anything else is refused, and a FIFO does not block.
   */
  public OpenFile openFile(Path path, Access access) throws SystemCallException {
    return opener.file(path, access);
  }

  /** Returns the loop devices of the machine. */
  public LoopDevices loopDevices() {
    return new LoopDevices(kernel, opener);
  }

  /** Returns the device-mapper devices of the machine. */
  public DeviceMapper deviceMapper() {
    return new DeviceMapper(kernel, opener);
  }

  /** Returns a means to name who holds a file. */
  public FileHolders holders() {
    return new FileHolders(kernel, loopDevices());
  }
}

package io.cistern.directory;

import com.google.common.util.concurrent.Striped;
import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.FileStatus;
import io.cistern.linux.Holding;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;

/** Finds out who holds an image open: a loop device, a VMM, a tool (rules 314 and 315). */
public final class Holders {
  /** Whoever looks at every new device, such as udev, and a process about to exec, is gone soon. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Reads as the subject of "holds it open". */
  private static final String UNSEEN =
      "perhaps a process that this one may not look into (to tell, it has to own the image or have"
          + " CAP_LEASE)";

  /**
   * Two who ask about one file at once would each take the other's descriptor for a holder, and go
   * on doing so; so they ask one after the other.
   */
  private final Striped<Lock> asking = Striped.lock(64);

  private final Linux linux;

  Holders(Linux linux) {
    this.linux = linux;
  }

  /** Names who holds a file; empty if nobody does, or if there is no such file. */
  public Optional<String> of(Directory directory, String name) throws IOException {
    Optional<FileStatus> status = directory.status(name);
    if (status.isEmpty()) {
      return Optional.empty();
    }
    Lock lock = asking.get(status.get().inode());
    lock.lock();
    try {
      Optional<OpenFile> present = open(directory, name);
      if (present.isEmpty()) {
        return Optional.empty();
      }
      try (OpenFile file = present.get()) {
        return of(file);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Names who else holds a file that this process has opened once. */
  public Optional<String> of(OpenFile file) throws IOException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    Holding holding = file.holding();
    while (holding == Holding.SOMEBODY && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(PAUSE_NANOS);
      holding = file.holding();
    }
    return switch (holding) {
      case NOBODY -> Optional.empty();
      case SOMEBODY -> Optional.of(describe(file));
      case PERHAPS_SOMEBODY -> Optional.of(UNSEEN);
    };
  }

  private String describe(OpenFile file) throws IOException {
    List<String> holders = linux.holders().describe(file);
    return holders.isEmpty()
        ? "a process that is not visible from here"
        : String.join(", ", holders);
  }

  /** An exported link is read-only; for such a file the lease that tells is not to be had. */
  private static Optional<OpenFile> open(Directory directory, String name) throws IOException {
    try {
      return directory.openFileIfPresent(name, Access.READ_WRITE);
    } catch (SystemCallException e) {
      if (DirectoryFailures.says(e, Meaning.DENIED)) {
        return directory.openFileIfPresent(name, Access.READ);
      }
      throw e;
    }
  }
}

package io.cistern.directory;

import io.cistern.linux.Errno;
import io.cistern.linux.LengthMismatchException;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;

/** What a failed system call means to the user of a pool, and what to do about it. */
public final class DirectoryFailures {
  private static final String LOST_WRITE =
      "See the kernel's log before you repeat it, which may succeed though the disk has lost what was"
          + " written: after errors of that disk, stop(DISCARD) keeps the last commit";

  private DirectoryFailures() {}

  /** Makes code and remedy of a failure that has none. */
  public static DriverException explain(IOException failure) {
    if (failure instanceof SystemCallException e) {
      String remedy = e.isLostWrite() ? LOST_WRITE : remedy(e.errno());
      return new DriverException(
          code(e.errno()), DriverException.obstacleOf(failure), remedy, failure);
    }
    if (failure instanceof LengthMismatchException e) {
      return new DriverException(
          Code.INVALID_ARGUMENT,
          DriverException.obstacleOf(e),
          "Give the size that the content has",
          failure);
    }
    return new DriverException(
        Code.IO, DriverException.obstacleOf(failure), "Mend the cause, then try again", failure);
  }

  /** Tells whether that is what an error means. */
  public static boolean says(SystemCallException failure, Errno.Meaning meaning) {
    return failure.errno().meaning() == meaning;
  }

  private static Code code(Errno errno) {
    return switch (errno.meaning()) {
      case OUT_OF_SPACE -> Code.OUT_OF_SPACE;
      case READ_ONLY_FILE_SYSTEM -> Code.POOL_NOT_READY;
      case TOO_LARGE -> Code.INVALID_ARGUMENT;
      default -> Code.IO;
    };
  }

  private static String remedy(Errno errno) {
    if (errno.equals(Errno.EMFILE) || errno.equals(Errno.ENFILE)) {
      return "Raise the limit of open files (ulimit -n), then try again";
    }
    return switch (errno.meaning()) {
      case OUT_OF_SPACE ->
          "Remove volumes or revisions, discard sessions, or enlarge the file system";
      case READ_ONLY_FILE_SYSTEM ->
          "Mount the file system read-write; if the kernel made it read-only, see its log first";
      case SYMBOLIC_LINK ->
          "No symbolic link is followed inside a pool: put the real thing there, or remove it";
      case DENIED -> "Let the process's user own the pool's directory, or run it as root";
      case EXISTS -> "Something that Cistern did not make has this name; move it away";
      case TOO_LARGE -> "Give a size that the file system can hold";
      default -> "See the kernel's log, mend the cause, then try again";
    };
  }
}

package io.cistern.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the owner of a flock(2) in {@code /proc/locks}, see proc_locks(5). */
final class ProcLocks {
  private static final Path FILE = Path.of("/proc/locks");

  /** A waiter's line has an arrow before the word, and does not match. */
  private static final Pattern HELD =
      Pattern.compile(
          "\\d+: FLOCK +\\w+ +\\w+ +(?<pid>\\d+) "
              + "(?<major>\\p{XDigit}+):(?<minor>\\p{XDigit}+):(?<inode>\\d+) .*");

  private ProcLocks() {}

  static OptionalLong owner(Kernel kernel, FileStatus file) throws SystemCallException {
    return kernel.search("read(/proc/locks)", FILE.toString(), () -> owner(lines(), file));
  }

  private static List<String> lines() throws SystemCallException {
    try {
      return Files.readAllLines(FILE, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SystemCallException(
          new SystemCall("read(/proc/locks)", FILE.toString()), Errno.EIO, e.toString());
    }
  }

  /**
   * Takes the lock on this inode of this device. btrfs shows the device of the file system there,
   * while {@code st_dev} is that of the subvolume: then the only lock on such an inode number has
   * to be it, and of several none is named.
   */
  static OptionalLong owner(List<String> lines, FileStatus file) {
    List<Lock> locks =
        lines.stream()
            .map(HELD::matcher)
            .filter(Matcher::matches)
            .map(Lock::of)
            .filter(lock -> lock.inode == file.inode() && lock.pid > 0)
            .toList();
    Optional<Lock> exact = locks.stream().filter(lock -> lock.device == file.device()).findFirst();
    Optional<Lock> only = locks.size() == 1 ? Optional.of(locks.get(0)) : Optional.empty();
    return exact.or(() -> only).stream().mapToLong(Lock::pid).findFirst();
  }

  private record Lock(long pid, long device, long inode) {
    static Lock of(Matcher line) {
      return new Lock(
          Long.parseLong(line.group("pid")),
          Statx.device(
              Integer.parseInt(line.group("major"), 16), Integer.parseInt(line.group("minor"), 16)),
          Long.parseLong(line.group("inode")));
    }
  }
}

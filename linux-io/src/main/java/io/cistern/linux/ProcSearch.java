package io.cistern.linux;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Finds the processes that have an inode open or mapped, in {@code /proc} (see proc_pid_fd(5) and
 * proc_pid_maps(5)). Processes that this one may not look into are passed over, which the answer
 * tells.
 */
final class ProcSearch {
  private static final Path PROC = Path.of("/proc");

  /** Of {@code linux/proc_ns.h}: the namespace that the machine began with. */
  private static final long PROC_PID_INIT_INO = 0xEFFFFFFCL;

  private final Kernel kernel;
  private final Path proc;

  ProcSearch(Kernel kernel) {
    this(kernel, PROC);
  }

  /** Searches what looks like {@code /proc}. */
  ProcSearch(Kernel kernel, Path proc) {
    this.kernel = kernel;
    this.proc = proc;
  }

  /**
   * What was found.
   *
   * @param holders the ids of the processes that hold the inode, the lowest first
   * @param isComplete whether all processes could be looked into
   */
  record Found(SortedSet<Long> holders, boolean isComplete) {}

  /**
   * Returns the processes that hold the inode by anything but that descriptor of this process.
   *
   * @param descriptor -1 for none
   */
  Found holdersBesides(FileStatus file, int descriptor) throws SystemCallException {
    Path self = proc.resolve(ProcessHandle.current().pid() + "/fd/" + descriptor);
    return search(file, path -> !path.equals(self));
  }

  private Found search(FileStatus file, Predicate<Path> counts) throws SystemCallException {
    return kernel.search(
        "scan(/proc)",
        proc.toString(),
        () -> {
          Sight sight = new Sight(file, counts, seesAllProcesses());
          for (Path process : children(proc)) {
            if (process.getFileName().toString().chars().allMatch(c -> c >= '0' && c <= '9')) {
              sight.lookInto(process);
            }
          }
          return new Found(sight.found, sight.isComplete);
        });
  }

  /**
   * Where processes are hidden (proc(5), hidepid), so is the first one; in a PID namespace that is
   * not the machine's (pid_namespaces(7)), there may be others outside.
   */
  private boolean seesAllProcesses() {
    try {
      String namespace = Files.readSymbolicLink(proc.resolve("1/ns/pid")).toString();
      return namespace.equals("pid:[%d]".formatted(PROC_PID_INIT_INO));
    } catch (IOException e) {
      return false;
    }
  }

  /** What has been seen so far. */
  private static final class Sight {
    private final FileStatus file;
    private final Predicate<Path> counts;
    private final SortedSet<Long> found = new TreeSet<>();
    private boolean isComplete;

    Sight(FileStatus file, Predicate<Path> counts, boolean isComplete) {
      this.file = file;
      this.counts = counts;
      this.isComplete = isComplete;
    }

    void lookInto(Path process) {
      if (hasOpen(process) || hasMapped(process)) {
        found.add(Long.valueOf(process.getFileName().toString()));
      }
    }

    private boolean hasOpen(Path process) {
      try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
        for (Path descriptor : descriptors) {
          if (counts.test(descriptor) && isInode(descriptor)) {
            return true;
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        note(process, e);
      }
      return false;
    }

    /**
     * The device in {@code maps} is not st_dev on btrfs: the inode number has to do for a sieve.
     */
    private boolean hasMapped(Path process) {
      List<String> lines;
      try {
        lines = Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1);
      } catch (IOException e) {
        note(process, e);
        return false;
      }
      String inode = Long.toUnsignedString(file.inode());
      return lines.stream()
          .map(line -> line.split(" +", 6))
          .filter(fields -> fields.length > 4 && fields[4].equals(inode))
          .anyMatch(fields -> isInode(process.resolve("map_files").resolve(unpadded(fields[0]))));
    }

    private boolean isInode(Path link) {
      try {
        return Statx.quietly(link.toString()).sameInode(file);
      } catch (LastErrorException e) {
        isComplete &= Errno.of(e.getErrorCode()).equals(Errno.ENOENT);
        return false;
      }
    }

    /** A process that has ended meanwhile holds nothing. */
    private void note(Path process, Exception failure) {
      isComplete &= failure instanceof NoSuchFileException || !Files.exists(process);
    }
  }

  /** {@code maps} pads addresses with zeros, {@code map_files} does not. */
  private static String unpadded(String range) {
    String[] ends = range.split("-", 2);
    return Long.toHexString(Long.parseUnsignedLong(ends[0], 16))
        + "-"
        + Long.toHexString(Long.parseUnsignedLong(ends[1], 16));
  }

  /** Nothing, if the process has ended or belongs to somebody else. */
  static List<Path> children(Path directory) {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(children::add);
    } catch (IOException | DirectoryIteratorException e) {
      return children;
    }
    return children;
  }
}

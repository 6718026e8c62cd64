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
          SortedSet<Long> found = new TreeSet<>();
          // Where processes are hidden (proc(5), hidepid), so is the first one.
          boolean complete = Files.exists(proc.resolve("1"));
          for (Path process : children(proc)) {
            String name = process.getFileName().toString();
            if (name.chars().allMatch(c -> c >= '0' && c <= '9')) {
              complete &= mayLookInto(process);
              if (hasOpen(process, file, counts) || hasMapped(process, file)) {
                found.add(Long.valueOf(name));
              }
            }
          }
          return new Found(found, complete);
        });
  }

  /** A process that has ended meanwhile holds nothing. */
  private static boolean mayLookInto(Path process) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean hasOpen(Path process, FileStatus file, Predicate<Path> counts) {
    return children(process.resolve("fd")).stream()
        .filter(counts)
        .anyMatch(descriptor -> isInode(descriptor, file));
  }

  /** The device in {@code maps} is not st_dev on btrfs: the inode number has to do for a sieve. */
  private static boolean hasMapped(Path process, FileStatus file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(process.resolve("maps"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return false;
    }
    String inode = Long.toUnsignedString(file.inode());
    return lines.stream()
        .map(line -> line.split(" +", 6))
        .filter(fields -> fields.length > 4 && fields[4].equals(inode))
        .anyMatch(
            fields -> isInode(process.resolve("map_files").resolve(unpadded(fields[0])), file));
  }

  /** {@code maps} pads addresses with zeros, {@code map_files} does not. */
  private static String unpadded(String range) {
    String[] ends = range.split("-", 2);
    return Long.toHexString(Long.parseUnsignedLong(ends[0], 16))
        + "-"
        + Long.toHexString(Long.parseUnsignedLong(ends[1], 16));
  }

  private static boolean isInode(Path link, FileStatus file) {
    try {
      return Statx.quietly(link.toString()).sameInode(file);
    } catch (LastErrorException e) {
      return false;
    }
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

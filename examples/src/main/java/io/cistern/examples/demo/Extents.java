package io.cistern.examples.demo;

import io.cistern.examples.guest.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where on the device the blocks of files are, as filefrag(8) tells: which ones they share. */
final class Extents {
  /**
   * A run of blocks.
   *
   * @param start on the device, in bytes
   * @param length in bytes
   * @param shared whether another file refers to it too
   */
  record Extent(long start, long length, boolean shared) {
    long end() {
      return start + length;
    }
  }

  private static final Pattern FILE =
      Pattern.compile("File size of (.*) is \\d+ \\(\\d+ blocks? of (\\d+) bytes\\)");
  private static final Pattern EXTENT =
      Pattern.compile("\\s*\\d+:\\s*\\d+\\.\\.\\s*\\d+:\\s*(\\d+)\\.\\.\\s*\\d+:\\s*(\\d+):(.*)");

  private final Map<Path, List<Extent>> files;

  private Extents(Map<Path, List<Extent>> files) {
    this.files = files;
  }

  /** Asks for all files at once; those that are gone by now, or can't tell, are left out. */
  static Extents of(List<Path> paths) throws IOException {
    if (paths.isEmpty()) {
      return new Extents(Map.of());
    }
    return parse(new Command("filefrag", "-s", "-v").and(paths.toArray()).tryToRun().output());
  }

  static Extents parse(String output) {
    Map<Path, List<Extent>> files = new HashMap<>();
    List<Extent> current = new ArrayList<>();
    long block = 0;
    for (String line : output.lines().toList()) {
      Matcher file = FILE.matcher(line);
      Matcher extent = EXTENT.matcher(line);
      if (file.matches()) {
        current = new ArrayList<>();
        block = Long.parseLong(file.group(2));
        files.put(Path.of(file.group(1)), current);
      } else if (extent.matches() && isOnDevice(extent.group(3))) {
        current.add(
            new Extent(
                Long.parseLong(extent.group(1)) * block,
                Long.parseLong(extent.group(2)) * block,
                extent.group(3).contains("shared")));
      }
    }
    return new Extents(files);
  }

  /** Returns how many bytes no other file shares; empty where the file system can't tell. */
  OptionalLong unshared(Path file) {
    List<Extent> extents = files.get(file);
    return extents == null
        ? OptionalLong.empty()
        : OptionalLong.of(
            extents.stream().filter(extent -> !extent.shared()).mapToLong(Extent::length).sum());
  }

  /** Returns how many bytes of the device the files take together, each block counted once. */
  long unique() {
    List<Extent> all =
        files.values().stream()
            .flatMap(List::stream)
            .sorted(Comparator.comparingLong(Extent::start))
            .toList();
    long total = 0;
    long end = 0;
    for (Extent extent : all) {
      total += Math.max(0, extent.end() - Math.max(end, extent.start()));
      end = Math.max(end, extent.end());
    }
    return total;
  }

  /** A small file may be kept within the metadata. */
  private static boolean isOnDevice(String flags) {
    return !flags.contains("inline") && !flags.contains("unknown");
  }
}

package io.cistern.examples.demo;

import io.cistern.examples.guest.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files of a pool at one time, each directory's apart. */
final class PoolTree {
  /**
   * A file's numbers.
   *
   * @param inode which file it is, whatever its name
   * @param size in bytes
   * @param allocated bytes of its blocks, those it shares included
   * @param own bytes of those that no other file shares; -1 if that can't be told
   */
  private record Numbers(long inode, long size, long allocated, long own) {}

  private static final int STAT_BLOCK = 512;

  private final Path directory;
  private final SortedMap<Path, SortedMap<String, Numbers>> directories = new TreeMap<>();
  private final Extents extents;

  /** Looks at a directory, which need not exist. What comes and goes meanwhile is left out. */
  PoolTree(Path directory) throws IOException {
    this.directory = directory;
    List<Path> paths = paths(directory);
    this.extents = Extents.of(paths);
    if (!paths.isEmpty()) {
      Command stat = new Command("stat", "--format=%i %s %b %n").and(paths.toArray());
      stat.tryToRun().output().lines().forEach(this::add);
    }
  }

  boolean hasNoImage() {
    return directories.values().stream()
        .flatMap(files -> files.keySet().stream())
        .noneMatch(name -> name.contains(".img"));
  }

  /** Prints the files, and how they differ from those of an earlier time. */
  void print(Narrator narrator, PoolTree before) {
    narrator.blank();
    narrator.line(row(" ", directory.getFileName() + "/", "size", "du", "own"));
    SortedSet<Path> all = new TreeSet<>(before.directories.keySet());
    all.addAll(directories.keySet());
    for (Path path : all) {
      SortedMap<String, Numbers> now = directories.getOrDefault(path, new TreeMap<>());
      printDirectory(narrator, path, now, before.directories.getOrDefault(path, new TreeMap<>()));
    }
    narrator.blank();
    narrator.line(sums());
  }

  private void printDirectory(
      Narrator narrator,
      Path path,
      SortedMap<String, Numbers> now,
      SortedMap<String, Numbers> before) {
    String name = "  " + (path.equals(directory) ? "." : directory.relativize(path)) + "/";
    if (now.isEmpty()) {
      narrator.line(row("-", name + "  gone with all its files", "", "", ""));
      return;
    }
    if (now.equals(before)) {
      String files = now.size() == 1 ? "1 file" : now.size() + " files";
      narrator.line(row(" ", name + "  " + files + " as before", now.values()));
      return;
    }
    narrator.line(row(" ", name, "", "", ""));
    SortedSet<String> all = new TreeSet<>(before.keySet());
    all.addAll(now.keySet());
    for (String file : all) {
      narrator.line(row("    " + file, now.get(file), before.get(file)));
    }
  }

  private static String row(String name, @Nullable Numbers now, @Nullable Numbers before) {
    if (now == null) {
      return row("-", name + "  gone", "", "", "");
    }
    String mark = now.equals(before) ? " " : "*";
    return row(before == null ? "+" : mark, name, List.of(now));
  }

  private static String row(String mark, String name, Collection<Numbers> files) {
    boolean known = files.stream().noneMatch(numbers -> numbers.own < 0);
    return row(
        mark,
        name,
        Amounts.bytes(sum(files, Numbers::size)),
        Amounts.bytes(sum(files, Numbers::allocated)),
        known ? Amounts.bytes(sum(files, Numbers::own)) : "?");
  }

  private static String row(String mark, String name, String size, String du, String own) {
    return String.format(Locale.ROOT, "%s %-54s %10s %10s %10s", mark, name, size, du, own);
  }

  private String sums() {
    List<Numbers> all =
        directories.values().stream().flatMap(files -> files.values().stream()).toList();
    // A revision may be one more name of a file that has another one.
    Set<Numbers> distinct = new HashSet<>(all);
    long allocated = sum(distinct, Numbers::allocated);
    boolean known = all.stream().noneMatch(numbers -> numbers.own < 0);
    return "sum of sizes %s, du %s; really used, each block counted once: %s"
        .formatted(
            Amounts.bytes(sum(all, Numbers::size)),
            Amounts.bytes(allocated),
            Amounts.bytes(known ? extents.unique() : allocated));
  }

  private static long sum(Collection<Numbers> files, ToLongFunction<Numbers> number) {
    return files.stream().mapToLong(number).sum();
  }

  private void add(String line) {
    String[] fields = line.split(" ", 4);
    Path path = Path.of(fields[3]);
    Numbers numbers =
        new Numbers(
            Long.parseLong(fields[0]),
            Long.parseLong(fields[1]),
            Long.parseLong(fields[2]) * STAT_BLOCK,
            extents.unshared(path).orElse(-1));
    directories
        .computeIfAbsent(path.resolveSibling(""), key -> new TreeMap<>())
        .put(Objects.toString(path.getFileName()), numbers);
  }

  private static List<Path> paths(Path directory) throws IOException {
    List<Path> paths = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        all.filter(Files::isRegularFile).forEach(paths::add);
      }
    }
    return paths;
  }
}

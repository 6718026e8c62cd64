package io.cistern.examples.guest;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a small guest system: an {@code /etc} of its own, and, so that there is something in
 * it, part of the Java installation that runs this program.
 *
 * @param directory where they are
 * @param count how many
 * @param bytes how large, in all
 */
public record RootFiles(Path directory, int count, long bytes) {
  /** The file that tells the version of the system. */
  public static final String MOTD = "/etc/motd";

  private static final List<String> PARTS = List.of("legal", "conf", "lib");

  /** Collects them in a directory that is made, up to so many bytes. */
  public static RootFiles collect(Path directory, long maxBytes) throws IOException {
    Files.createDirectories(directory.resolve("etc"));
    Files.writeString(
        directory.resolve("etc/os-release"), "ID=cistern-demo\nPRETTY_NAME=\"Cistern demo\"\n");
    Files.writeString(directory.resolve(MOTD.substring(1)), motd(1));
    RootFiles files = new RootFiles(directory, 2, 0);
    Path java = Path.of(System.getProperty("java.home"));
    for (String part : PARTS) {
      files = files.withTree(java, java.resolve(part), maxBytes);
    }
    return files;
  }

  /** Returns what {@link #MOTD} says in a version of the system. */
  public static String motd(int version) {
    return "Welcome to the demo system, version " + version + "\n";
  }

  private RootFiles withTree(Path base, Path tree, long maxBytes) throws IOException {
    if (!Files.isDirectory(tree)) {
      return this;
    }
    List<Path> candidates;
    try (Stream<Path> all = Files.walk(tree, FileVisitOption.FOLLOW_LINKS)) {
      candidates =
          all.filter(file -> Files.isRegularFile(file) && Files.isReadable(file)).sorted().toList();
    }
    RootFiles files = this;
    for (Path file : candidates) {
      long size = Files.size(file);
      if (files.bytes + size <= maxBytes) {
        Path copy = directory.resolve("opt/java").resolve(base.relativize(file).toString());
        Files.createDirectories(copy.resolveSibling("."));
        Files.copy(file, copy);
        files = new RootFiles(directory, files.count + 1, files.bytes + size);
      }
    }
    return files;
  }
}

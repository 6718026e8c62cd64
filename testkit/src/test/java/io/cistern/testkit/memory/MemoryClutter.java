package io.cistern.testkit.memory;

import io.cistern.testkit.PoolFixture.Clutter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Files, directories and symbolic links under the names of images and catalogues. */
final class MemoryClutter implements Clutter {
  private static final List<String> NAMES =
      List.of(
          "catalog",
          "catalog~",
          "tombstone",
          "1.img",
          "2.img",
          "99999999999999999999.img",
          "x.img");

  private static final int KINDS = 5;
  private static final int MOST_BYTES = 1 << 16;

  private final Function<String, Path> directoryOf;
  private final Set<Path> directories = new TreeSet<>();

  /** What is in directories that have such a name, and what links of such a name point to. */
  private final Map<Path, byte[]> inside = new HashMap<>();

  MemoryClutter(Function<String, Path> directoryOf) {
    this.directoryOf = directoryOf;
  }

  @Override
  public void add(String vid, Random random) throws IOException {
    Path directory = Files.createDirectories(directoryOf.apply(vid));
    directories.add(directory);
    Path path = directory.resolve(NAMES.get(random.nextInt(NAMES.size())));
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    byte[] bytes = new byte[random.nextInt(MOST_BYTES)];
    random.nextBytes(bytes);
    switch (random.nextInt(KINDS)) {
      case 0 -> Files.createFile(path);
      case 1 -> Files.write(path, "1 CONTENT\n".getBytes(StandardCharsets.UTF_8));
      case 2 -> {
        Path file = Files.createDirectory(path).resolve("1.img");
        inside.put(Files.write(file, bytes), bytes);
      }
      case 3 -> {
        Path outside = Files.createDirectories(directory.resolve("/outside"));
        directories.add(outside);
        Path file = Files.write(outside.resolve(Integer.toString(inside.size())), bytes);
        inside.put(file, bytes);
        Files.createSymbolicLink(path, file);
      }
      default -> Files.write(path, bytes);
    }
  }

  @Override
  public List<String> damaged() throws IOException {
    List<String> damaged = new ArrayList<>();
    for (Map.Entry<Path, byte[]> each : inside.entrySet()) {
      Path file = each.getKey();
      if (!Files.exists(file)) {
        damaged.add(file + " is gone");
      } else if (!Arrays.equals(Files.readAllBytes(file), each.getValue())) {
        damaged.add(file + " is changed");
      }
    }
    return damaged;
  }

  @Override
  public void close() throws IOException {
    directories.removeIf(directory -> !Files.exists(directory));
    for (Path directory : directories) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

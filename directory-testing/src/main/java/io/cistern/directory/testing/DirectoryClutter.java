package io.cistern.directory.testing;

import io.cistern.testkit.PoolFixture.Clutter;
import io.cistern.testkit.disk.Command;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Files of all kinds under the names that the directory drivers give, and beside them. */
final class DirectoryClutter implements Clutter {
  private static final List<String> SUFFIXES =
      List.of(
          "",
          ".img",
          "-dirty.img",
          "-import.img",
          "-export-1.img",
          "-cow.img",
          "-cow.img.old",
          "-export-7-cow.img",
          ".img.old",
          ".img.state",
          ".img.1@2018-01-02T03:04:05Z",
          ".img.2@2018-01-02T03:04:06Z",
          ".img.9@2018-01-02T03:04:05Z",
          ".img.999999999999999999@2018-01-02T03:04:05Z",
          ".img.0@2018-01-02T03:04:05Z",
          ".img.next-3",
          ".img.next-9223372036854775807",
          ".img~create",
          ".img~cow",
          ".img~next",
          ".img~old",
          ".img~dirty",
          ".img~resize",
          ".img~session",
          ".img~state",
          ".img~import",
          ".img~removed",
          ".img~other");

  /** What an image can't be. */
  private static final int KINDS = 8;

  private static final int MOST_BYTES = 1 << 19;
  private static final long SPARSE = 1L << 32;

  private final Path pool;
  private final Path outside;
  private final Set<Path> directories = new TreeSet<>();
  private final Map<Path, String> foreign = new TreeMap<>();

  DirectoryClutter(Path pool, Path outside) throws IOException {
    this.pool = pool;
    this.outside = Files.createDirectory(outside);
    note(Files.writeString(outside.resolve("file"), "somebody's"));
    note(Files.writeString(outside.resolve("root.img"), "somebody's image"));
  }

  private void note(Path path) throws IOException {
    foreign.put(path, Fingerprint.of(path));
  }

  @Override
  public void add(String vid, Random random) throws IOException {
    String suffix = SUFFIXES.get(random.nextInt(SUFFIXES.size()));
    Path path = pool.resolve(vid + suffix);
    directories.add(pool.resolve(vid.substring(0, vid.indexOf('/'))));
    Files.createDirectories(path.getParent());
    try {
      create(path, random);
    } catch (FileAlreadyExistsException e) {
      // Chance has taken the name already.
    }
  }

  /** Half of it is files, which may become the driver's. */
  private void create(Path path, Random random) throws IOException {
    switch (random.nextInt(2 * KINDS)) {
      case 0 -> note(Files.createSymbolicLink(path, outside.resolve("file")));
      case 1 -> note(Files.createSymbolicLink(path, outside));
      case 2 -> note(Files.createSymbolicLink(path, Path.of("nowhere")));
      case 3 -> note(Files.createSymbolicLink(path, path.getFileName()));
      case 4 -> note(Files.createDirectory(path));
      case 5 -> {
        note(Files.writeString(Files.createDirectory(path).resolve("root.img"), "inside"));
        note(path);
      }
      case 6 -> fifo(path);
      case 7 -> sparse(path);
      case 8 -> Files.createFile(path);
      case 9 -> Files.write(path, "not a record\n".getBytes(StandardCharsets.UTF_8));
      case 10, 11, 12 -> copied(path);
      default -> random(path, random);
    }
  }

  /** Under the name of another volume: what somebody has restored, or moved there. */
  private void copied(Path path) throws IOException {
    String name = path.getFileName().toString();
    String suffix = name.substring(name.indexOf("root") + "root".length());
    try (Stream<Path> files = Files.walk(pool)) {
      Optional<Path> other =
          files
              .filter(file -> file.getFileName().toString().endsWith(suffix))
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .filter(file -> !file.equals(path) && file.toFile().length() <= MOST_BYTES)
              .findFirst();
      if (other.isPresent()) {
        Files.copy(other.get(), path);
      } else {
        Files.createFile(path);
      }
    }
  }

  private void fifo(Path path) throws IOException {
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      Command.run("mkfifo", path.toString());
      note(path);
    }
  }

  private static void sparse(Path path) throws IOException {
    Files.createFile(path);
    try (RandomAccessFile file = new RandomAccessFile(path.toString(), "rw")) {
      file.setLength(SPARSE);
    }
  }

  private static void random(Path path, Random random) throws IOException {
    byte[] bytes = new byte[random.nextInt(MOST_BYTES)];
    random.nextBytes(bytes);
    Files.write(Files.createFile(path), bytes);
  }

  @Override
  public List<String> damaged() throws IOException {
    List<String> damaged = new ArrayList<>();
    for (Map.Entry<Path, String> each : foreign.entrySet()) {
      Path path = each.getKey();
      String now = Fingerprint.isThere(path) ? Fingerprint.of(path) : "gone";
      if (!now.equals(each.getValue())) {
        damaged.add("%s, which was %s, is %s".formatted(path, each.getValue(), now));
      }
    }
    return damaged;
  }

  @Override
  public void close() throws IOException {
    directories.add(outside);
    directories.removeIf(directory -> !Fingerprint.isThere(directory));
    for (Path directory : directories) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}

package io.cistern.storage.spi;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is mounted where, as {@code /proc/self/mountinfo} tells it (see proc(5)). */
final class MountTable {
  private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");
  private static final Splitter LINES = Splitter.on('\n');
  private static final Splitter SIDES = Splitter.on(" - ").limit(2);
  private static final Splitter FIELDS = Splitter.on(' ');
  private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

  /**
   * A mount.
   *
   * @param id its number in this process's name space
   * @param device the file system's device number, {@code major:minor}
   * @param point where it is mounted
   * @param source what is mounted, as the file system names it
   */
  record Mount(int id, String device, Path point, String source) {}

  private final List<Mount> mounts;

  private MountTable(List<Mount> mounts) {
    this.mounts = mounts;
  }

  static MountTable read() throws IOException {
    // Decoded leniently, and split only where the kernel does: the name of somebody else's mount
    // may hold any byte.
    String table = new String(Files.readAllBytes(MOUNTINFO), StandardCharsets.UTF_8);
    return parse(LINES.splitToList(table));
  }

  static MountTable parse(List<String> lines) {
    return new MountTable(lines.stream().map(MountTable::mount).flatMap(Optional::stream).toList());
  }

  /** Reads a line; empty for one that holds no mount, or one whose point no path can name. */
  private static Optional<Mount> mount(String line) {
    List<String> sides = SIDES.splitToList(line);
    List<String> fields = FIELDS.splitToList(sides.get(0));
    List<String> fileSystem = FIELDS.splitToList(sides.get(sides.size() - 1));
    if (sides.size() != 2 || fields.size() < 5 || fileSystem.size() < 2) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Mount(
              Integer.parseInt(fields.get(0)),
              fields.get(2),
              Path.of(unescape(fields.get(4))),
              unescape(fileSystem.get(1))));
    } catch (NumberFormatException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** Finds the mount that a real path lies on: the deepest, and of equals the latest. */
  Optional<Mount> of(Path real) {
    Mount found = null;
    for (Mount mount : mounts) {
      if (real.startsWith(mount.point())
          && (found == null || mount.point().getNameCount() >= found.point().getNameCount())) {
        found = mount;
      }
    }
    return Optional.ofNullable(found);
  }

  private static String unescape(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    Character.toString((char) Integer.parseInt(match.group(1), 8))));
  }
}

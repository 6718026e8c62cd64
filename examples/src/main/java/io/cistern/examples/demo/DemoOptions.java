package io.cistern.examples.demo;

import io.cistern.examples.guest.LoopDevice;
import java.nio.file.Path;
import java.util.List;

/**
 * How the demonstration runs.
 *
 * @param directory an existing directory that the pool is made in
 * @param scratch a directory that everything else is made in
 * @param setupCheck whether the file system has to be able to clone
 * @param loop whether it may attach loop devices
 * @param keep whether the volumes stay at the end
 * @param terminal whether its output goes to a terminal
 * @param rootSize bytes of the root image
 */
record DemoOptions(
    Path directory,
    Path scratch,
    boolean setupCheck,
    boolean loop,
    boolean keep,
    boolean terminal,
    long rootSize) {
  static final String USAGE =
      "Usage: Demo [--setup-check=no] [--no-loop] [--keep] [--terminal] [--root-mib=N]"
          + " [--scratch=DIRECTORY] DIRECTORY";

  private static final String SCRATCH = "--scratch=";
  private static final String ROOT_MIB = "--root-mib=";
  private static final long DEFAULT_ROOT_MIB = 96;
  private static final List<String> FLAGS =
      List.of("--setup-check=no", "--no-loop", "--keep", "--terminal");

  /** Reads the command line. */
  static DemoOptions parse(List<String> arguments) {
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException(USAGE);
    }
    List<String> flags = arguments.subList(0, arguments.size() - 1);
    Path directory = absolute(arguments.get(arguments.size() - 1));
    Path scratch = directory;
    long rootMib = DEFAULT_ROOT_MIB;
    for (String flag : flags) {
      if (flag.startsWith(ROOT_MIB)) {
        rootMib = Long.parseLong(flag.substring(ROOT_MIB.length()));
      } else if (flag.startsWith(SCRATCH)) {
        scratch = absolute(flag.substring(SCRATCH.length()));
      } else if (!FLAGS.contains(flag)) {
        throw new IllegalArgumentException("Unknown option " + flag + ". " + USAGE);
      }
    }
    return new DemoOptions(
        directory,
        scratch.resolve("scratch"),
        !flags.contains("--setup-check=no"),
        !flags.contains("--no-loop") && LoopDevice.arePossible(),
        flags.contains("--keep"),
        flags.contains("--terminal"),
        rootMib << 20);
  }

  private static Path absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize();
  }

  /** Returns where the pool is. */
  Path pool() {
    return directory.resolve("pool");
  }

  /** Returns where Cistern logs to. */
  Path log() {
    return scratch.resolve("cistern.log");
  }
}

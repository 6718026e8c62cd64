package io.cistern.driver.reflink;

import com.google.common.primitives.Ints;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a pool is configured with.
 *
 * @param directory the pool's directory, absolute
 * @param revisionsToKeep what a volume keeps that does not say; -1 for in place
 * @param needsReflinks whether a file system without reflinks is refused at setup
 */
record ReflinkParameters(Path directory, int revisionsToKeep, boolean needsReflinks) {
  static final String DIR_PATH = "dir_path";
  private static final String REVISIONS_TO_KEEP = "revisions_to_keep";
  private static final String SETUP_CHECK = "setup_check";

  static final List<DriverParameter> DESCRIPTIONS =
      List.of(
          DriverParameter.required(DIR_PATH, "the pool's directory, an absolute path"),
          DriverParameter.optional(
              REVISIONS_TO_KEEP, "how many revisions a volume keeps; -1 for in place", "1"),
          DriverParameter.optional(
              SETUP_CHECK,
              "yes, or no to allow a file system without reflinks, where clones are sparse copies",
              "yes"));

  static ReflinkParameters of(PoolConfig config) throws DriverException {
    return new ReflinkParameters(
        directory(config.get(DIR_PATH).orElse("")),
        revisions(config.get(REVISIONS_TO_KEEP).orElse("1")),
        check(config.get(SETUP_CHECK).orElse("yes")));
  }

  private static Path directory(String value) throws DriverException {
    try {
      Path path = Path.of(value);
      if (path.isAbsolute() && path.getNameCount() > 0) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw malformed(DIR_PATH, value, "a path that this JVM can write: " + e.getReason());
    }
    throw malformed(DIR_PATH, value, "an absolute path below the root directory");
  }

  private static int revisions(String value) throws DriverException {
    Integer number = Ints.tryParse(value);
    if (number == null || number < -1) {
      throw malformed(REVISIONS_TO_KEEP, value, "a number, -1 or greater");
    }
    return number;
  }

  private static boolean check(String value) throws DriverException {
    return switch (value) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw malformed(SETUP_CHECK, value, "yes or no");
    };
  }

  private static DriverException malformed(String key, String value, String expected) {
    return new DriverException(
        Code.INVALID_ARGUMENT,
        "the parameter '%s' has the value '%s', which is not %s".formatted(key, value, expected),
        "Correct it; the known parameters are "
            + DESCRIPTIONS.stream().map(DriverParameter::name).toList());
  }
}

package io.cistern.directory;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which vids a pool can hold (rule 202). A vid's last component names the image, those before it
 * are directories; the mapping is {@code <vid>.img}, so it is injective as long as no vid reads
 * like another name of one of the drivers, which can open each other's trees.
 */
public final class VidRules {
  private static final int MAX_NAME_BYTES = 255;

  /** What the longest suffix, that of a revision, leaves of a name. */
  public static final int MAX_LAST_BYTES =
      MAX_NAME_BYTES - ".img.999999999999999999@2018-01-02T03:04:05Z".length();

  private static final int MAX_PATH_BYTES = 4000;
  static final String IMAGE = ".img";
  static final int MAX_COMPONENTS = 64;

  /** A name may hold what regular expressions take for the end of a line. */
  private static final Pattern RESERVED =
      Pattern.compile(".*-(dirty|import|cow|export-[0-9]+)", Pattern.DOTALL);

  private VidRules() {}

  static void check(Path pool, String vid) throws DriverException {
    Optional<String> problem = problem(vid);
    if (problem.isPresent()) {
      throw refusal(problem.get());
    }
    if (bytes(pool + "/" + vid) > MAX_PATH_BYTES) {
      throw refusal("its path is longer than the limit of %d bytes".formatted(MAX_PATH_BYTES));
    }
    try {
      var unused = pool.resolve(vid);
    } catch (InvalidPathException e) {
      throw refusal(
          "this JVM can't write it as a path (%s); start it with a UTF-8 locale"
              .formatted(e.getReason()));
    }
  }

  /** Returns why a well-formed vid can't be held, wherever the pool is; empty if it can. */
  static Optional<String> problem(String vid) {
    List<String> components = List.of(vid.split("/", -1));
    if (components.size() > MAX_COMPONENTS) {
      return Optional.of("it has more than the limit of %d components".formatted(MAX_COMPONENTS));
    }
    for (String component : components) {
      Optional<String> problem = componentProblem(component);
      if (problem.isPresent()) {
        return problem;
      }
    }
    String last = components.get(components.size() - 1);
    if (RESERVED.matcher(last).matches()) {
      return Optional.of(
          "'%s' ends like the name of a session, an import, an export or a cow store"
              .formatted(last));
    }
    if (bytes(last) > MAX_LAST_BYTES) {
      return Optional.of(
          "its last component is longer than the limit of %d bytes".formatted(MAX_LAST_BYTES));
    }
    return Optional.empty();
  }

  /** Returns why a directory's name can't be in a vid; empty if it can. */
  static Optional<String> componentProblem(String component) {
    if (component.contains(IMAGE)) {
      return Optional.of("its component '%s' contains '.img'".formatted(component));
    }
    return bytes(component) > MAX_NAME_BYTES
        ? Optional.of("a component is longer than the limit of %d bytes".formatted(MAX_NAME_BYTES))
        : Optional.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static DriverException refusal(String problem) {
    return new DriverException(
        Code.INVALID_ARGUMENT,
        "the vid can't be held: " + problem,
        "Choose a name such as 'appvms/foo/private'");
  }
}

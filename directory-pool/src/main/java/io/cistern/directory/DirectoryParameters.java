package io.cistern.directory;

import com.google.common.primitives.Ints;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PoolLocation;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads what a pool in a directory is configured with; what is not given has its default. */
public final class DirectoryParameters {
  /** The key of the pool's directory, which every such driver has. */
  public static final String DIR_PATH = "dir_path";

  private final PoolConfig config;
  private final List<DriverParameter> known;

  /** Reads from this configuration the parameters that the driver describes. */
  public DirectoryParameters(PoolConfig config, List<DriverParameter> known) {
    this.config = config;
    this.known = known;
  }

  /** Describes {@value #DIR_PATH}. */
  public static DriverParameter describeDirectory() {
    return DriverParameter.required(DIR_PATH, "the pool's directory, an absolute path");
  }

  /** Returns the place of a pool of this configuration, as {@code PoolDriver.place} wants it. */
  public static Optional<String> place(PoolConfig config) {
    try {
      return config.get(DIR_PATH).map(Path::of).map(PoolLocation::directoryPlace);
    } catch (InvalidPathException e) {
      // open() refuses it with a message.
      return Optional.empty();
    }
  }

  /** Returns the pool's directory. */
  public Path directory() throws DriverException {
    String value = value(DIR_PATH);
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

  /** Returns a number within limits. */
  public int number(String key, int least, int most) throws DriverException {
    String value = value(key);
    Integer number = Ints.tryParse(value);
    if (number == null || number < least || number > most) {
      String limits = most == Integer.MAX_VALUE ? "or greater" : "to " + most;
      throw malformed(key, value, "a number, %d %s".formatted(least, limits));
    }
    return number;
  }

  /** Tells which of two words is given. */
  public boolean choice(String key, String ifTrue, String ifFalse) throws DriverException {
    String value = value(key);
    if (!value.equals(ifTrue) && !value.equals(ifFalse)) {
      throw malformed(key, value, ifTrue + " or " + ifFalse);
    }
    return value.equals(ifTrue);
  }

  private String value(String key) {
    return config
        .get(key)
        .or(
            () ->
                known.stream()
                    .filter(parameter -> parameter.name().equals(key))
                    .findFirst()
                    .flatMap(DriverParameter::defaultValue))
        .orElse("");
  }

  private DriverException malformed(String key, String value, String expected) {
    return new DriverException(
        Code.INVALID_ARGUMENT,
        "the parameter '%s' has the value '%s', which is not %s".formatted(key, value, expected),
        "Correct it; the known parameters are "
            + known.stream().map(DriverParameter::name).toList());
  }
}

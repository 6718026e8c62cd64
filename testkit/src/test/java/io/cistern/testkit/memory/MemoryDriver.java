package io.cistern.testkit.memory;

import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The driver "memory": volumes are files on a disk in the heap. */
public class MemoryDriver implements PoolDriver {
  private static final String PLACE = "place";
  private static final Pattern PLACE_FORM = Pattern.compile("([\\w.-]+)/([\\w./-]+)");
  private static final String REVISIONS = "revisions_to_keep";
  private static final Pattern REVISIONS_FORM = Pattern.compile("-1|\\d{1,6}");

  /** For {@link java.util.ServiceLoader}. */
  public MemoryDriver() {}

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public List<DriverParameter> parameters() {
    return List.of(
        DriverParameter.required(PLACE, "a disk and a directory on it, as in 'disk1/pools/vms'"),
        DriverParameter.optional(REVISIONS, "how many a volume keeps, or -1 for in place", "1"));
  }

  @Override
  public Optional<String> place(PoolConfig config) {
    return config
        .get(PLACE)
        .filter(place -> PLACE_FORM.matcher(place).matches())
        .map(place -> "memory " + Path.of("/" + place).normalize());
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    int revisionsToKeep = Integer.parseInt(value(config, REVISIONS, REVISIONS_FORM, "1").group());
    Matcher place = value(config, PLACE, PLACE_FORM, "");
    MemoryDisk disk = MemoryDisk.named(place.group(1));
    Path directory = disk.root().resolve(place.group(2)).normalize();
    lock(disk, directory);
    return new MemoryPool(name, config, context, disk, directory, revisionsToKeep);
  }

  private static void lock(MemoryDisk disk, Path directory) throws DriverException {
    Optional<Long> owner = disk.lock(directory);
    if (owner.isPresent()) {
      throw new DriverException(
          Code.LOCKED,
          "the process %d has a pool open on %s".formatted(owner.get(), directory),
          "Close it there, or end that process");
    }
  }

  private static Matcher value(PoolConfig config, String key, Pattern form, String otherwise)
      throws DriverException {
    String value = config.get(key).orElse(otherwise);
    Matcher matcher = form.matcher(value);
    if (matcher.matches()) {
      return matcher;
    }
    throw new DriverException(
        Code.INVALID_ARGUMENT,
        "the parameter '%s' has the value '%s', not one of the form %s".formatted(key, value, form),
        "Correct it; the known parameters are " + List.of(PLACE, REVISIONS));
  }
}

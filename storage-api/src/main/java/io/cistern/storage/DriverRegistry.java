package io.cistern.storage;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.PoolDriver;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drivers there are, and whether a configuration fits the one it names (rule 101). */
final class DriverRegistry {
  private static final Logger log = LoggerFactory.getLogger(DriverRegistry.class);

  private final Map<String, PoolDriver> drivers = new TreeMap<>();

  DriverRegistry(List<PoolDriver> given) {
    load(ServiceLoader.load(PoolDriver.class, PoolDriver.class.getClassLoader()));
    load(ServiceLoader.load(PoolDriver.class));
    given.forEach(driver -> drivers.put(driver.name(), driver));
  }

  List<DriverInfo> infos() {
    return drivers.values().stream()
        .map(driver -> new DriverInfo(driver.name(), driver.parameters()))
        .toList();
  }

  /** Finds the driver of a configuration, and checks that it knows the parameters. */
  PoolDriver driverFor(PoolConfig config) {
    PoolDriver driver = drivers.get(config.driver());
    if (driver == null) {
      throw refusal(
          Code.NO_SUCH_DRIVER,
          config,
          "there is no driver '%s'".formatted(config.driver()),
          "The drivers found are %s; add the dependency of another to the class path"
              .formatted(drivers.keySet()));
    }
    List<String> known = driver.parameters().stream().map(DriverParameter::name).toList();
    for (Map.Entry<String, String> parameter : config.parameters().entrySet()) {
      if (!known.contains(parameter.getKey())) {
        throw refusal(
            Code.INVALID_ARGUMENT,
            config,
            "the parameter '%s' (= '%s') is unknown"
                .formatted(parameter.getKey(), parameter.getValue()),
            "The driver '%s' knows %s".formatted(driver.name(), known));
      }
    }
    for (DriverParameter parameter : driver.parameters()) {
      if (parameter.required() && config.get(parameter.name()).isEmpty()) {
        throw refusal(
            Code.INVALID_ARGUMENT,
            config,
            "the parameter '%s' (%s) is missing".formatted(parameter.name(), parameter.meaning()),
            "The driver '%s' knows %s".formatted(driver.name(), known));
      }
    }
    return driver;
  }

  /** One driver that can't be loaded must not take the others with it. */
  private void load(ServiceLoader<PoolDriver> loader) {
    Iterator<PoolDriver> found = loader.iterator();
    while (true) {
      try {
        if (!found.hasNext()) {
          return;
        }
        PoolDriver driver = found.next();
        DriverInfo info = new DriverInfo(driver.name(), driver.parameters());
        drivers.putIfAbsent(info.name(), driver);
      } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
        log.warn("a storage driver can't be loaded and is left out", e);
      }
    }
  }

  private static StorageException refusal(
      Code code, PoolConfig config, String obstacle, String remedy) {
    return new StorageException(code, "pool " + config.name(), "open", obstacle, remedy);
  }
}

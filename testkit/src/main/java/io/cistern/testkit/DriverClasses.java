package io.cistern.testkit;

import io.cistern.storage.DriverInfo;
import io.cistern.storage.Storage;
import io.cistern.storage.spi.PoolDriver;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The drivers of a fixture in another process, which makes those for itself. */
final class DriverClasses {
  private DriverClasses() {}

  /** Names the classes of those that the other process would not find. */
  static List<String> of(PoolFixture fixture) {
    try (Storage storage = Storage.builder().build()) {
      Set<String> found =
          storage.drivers().stream().map(DriverInfo::name).collect(Collectors.toSet());
      return fixture.drivers().stream()
          .filter(driver -> !found.contains(driver.name()))
          .map(driver -> driver.getClass().getName())
          .toList();
    }
  }

  /** Starts a storage that has them. */
  static Storage.Builder storage(List<String> classes) throws ReflectiveOperationException {
    Storage.Builder builder = Storage.builder();
    for (String name : classes) {
      builder.driver(
          Class.forName(name).asSubclass(PoolDriver.class).getConstructor().newInstance());
    }
    return builder;
  }
}

package io.cistern.storage;

import java.util.Optional;

/**
 * A parameter of a driver's pools.
 *
 * @param name its key in a {@link PoolConfig}
 * @param meaning what it does, in a sentence
 * @param defaultValue what holds when it is not given
 * @param required whether it must be given
 */
public record DriverParameter(
    String name, String meaning, Optional<String> defaultValue, boolean required) {

  /** Describes a parameter that must be given. */
  public static DriverParameter required(String name, String meaning) {
    return new DriverParameter(name, meaning, Optional.empty(), true);
  }

  /** Describes a parameter that may be left out. */
  public static DriverParameter optional(String name, String meaning, String defaultValue) {
    return new DriverParameter(name, meaning, Optional.of(defaultValue), false);
  }
}

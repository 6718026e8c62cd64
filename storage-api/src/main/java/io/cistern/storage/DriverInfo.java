package io.cistern.storage;

import java.util.List;

/**
 * A driver that was found, and what it takes.
 *
 * @param name what {@link PoolConfig#driver()} calls it
 * @param parameters the parameters that its pools understand
 */
public record DriverInfo(String name, List<DriverParameter> parameters) {
  /** Copies the list. */
  public DriverInfo {
    parameters = List.copyOf(parameters);
  }
}

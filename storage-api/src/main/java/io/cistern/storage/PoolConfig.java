package io.cistern.storage;

import io.cistern.storage.StorageException.Code;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a pool is opened with: its name, its driver, and the driver's parameters. Immutable.
 *
 * <p>{@link #asMap()} and {@link #fromMap(Map)} round-trip, so that a VM manager can keep
 * configurations in any format it likes. Which parameters there are is the driver's to say ({@link
 * Storage#drivers()}); unknown, missing and malformed ones are refused at {@link Storage#open}.
 */
public final class PoolConfig {
  private static final String NAME = "name";
  private static final String DRIVER = "driver";

  private final String name;
  private final String driver;
  private final Map<String, String> parameters;

  private PoolConfig(Builder builder) {
    this.name = builder.name;
    this.driver = builder.driver;
    this.parameters = Map.copyOf(builder.parameters);
  }

  /**
   * Starts a configuration.
   *
   * @param name what the pool is called: letters, digits, {@code _ . -}
   * @param driver the driver's name, such as {@code "file-reflink"}; there is no default
   * @throws StorageException {@code INVALID_ARGUMENT} for a name that can't be used
   */
  public static Builder builder(String name, String driver) {
    return new Builder(name, driver);
  }

  /**
   * Reads what {@link #asMap()} gave.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} if {@code name} or {@code driver} is missing
   */
  public static PoolConfig fromMap(Map<String, String> map) {
    Map<String, String> rest = new LinkedHashMap<>(map);
    Builder builder = builder(take(rest, NAME), take(rest, DRIVER));
    rest.forEach(builder::set);
    return builder.build();
  }

  /** Returns what the pool is called. */
  public String name() {
    return name;
  }

  /** Returns the driver's name. */
  public String driver() {
    return driver;
  }

  /** Returns the driver's parameters. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** Returns the value of a parameter, if it is set. */
  public Optional<String> get(String key) {
    return Optional.ofNullable(parameters.get(key));
  }

  /** Returns everything, with the keys {@code name}, {@code driver} and those of the parameters. */
  public Map<String, String> asMap() {
    Map<String, String> map = new TreeMap<>(parameters);
    map.put(NAME, name);
    map.put(DRIVER, driver);
    return map;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PoolConfig that && asMap().equals(that.asMap());
  }

  @Override
  public int hashCode() {
    return asMap().hashCode();
  }

  @Override
  public String toString() {
    return "PoolConfig" + asMap();
  }

  private static String take(Map<String, String> map, String key) {
    String value = map.remove(key);
    if (value == null) {
      throw new StorageException(
          Code.INVALID_ARGUMENT,
          "pool configuration " + map,
          "read it",
          "the key '" + key + "' is missing",
          "Give 'name', 'driver' and the driver's parameters");
    }
    return value;
  }

  /** Collects a {@link PoolConfig}. */
  public static final class Builder {
    private final String name;
    private final String driver;
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private Builder(String name, String driver) {
      VolumeId.checkPoolName(name);
      this.name = name;
      this.driver = driver;
    }

    /**
     * Sets a parameter of the driver.
     *
     * @throws StorageException {@code INVALID_ARGUMENT} for {@code name} and {@code driver}, which
     *     are no parameters
     */
    public Builder set(String key, String value) {
      if (key.equals(NAME) || key.equals(DRIVER)) {
        throw new StorageException(
            Code.INVALID_ARGUMENT,
            "pool " + name,
            "set '" + key + "' to '" + value + "'",
            "it is not a parameter of the driver",
            "Name and driver are given to PoolConfig.builder");
      }
      parameters.put(key, value);
      return this;
    }

    /** Returns the configuration. */
    public PoolConfig build() {
      return new PoolConfig(this);
    }
  }
}

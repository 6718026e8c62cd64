package io.cistern.storage.spi;

import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Opens fake pools; the parameter {@code place} says which is on which place. */
public final class FakeDriver implements PoolDriver {
  private final Map<String, FakePlace> places = new ConcurrentHashMap<>();
  private final Path scratch;

  /** Makes a driver whose pools put their files into a directory. */
  public FakeDriver(Path scratch) {
    this.scratch = scratch;
  }

  /** Returns a place, which is there before a pool is opened on it. */
  public FakePlace at(String place) {
    return places.computeIfAbsent(place, any -> new FakePlace(scratch));
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public List<DriverParameter> parameters() {
    return List.of(DriverParameter.optional("place", "where it is", ""));
  }

  @Override
  public Optional<String> place(PoolConfig config) {
    if (config.get("place").filter("\0"::equals).isPresent()) {
      throw new IllegalArgumentException("Nul character not allowed");
    }
    return config.get("place");
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    if (config.get("place").filter("\0"::equals).isPresent()) {
      throw new DriverException(Code.INVALID_ARGUMENT, "'place' has a NUL", "Choose another");
    }
    FakePlace place = at(config.get("place").orElse("of " + name));
    place.step("open", "");
    return new FakePool(name, config, context, place);
  }
}

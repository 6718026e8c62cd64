package io.cistern.driver.reflink;

import io.cistern.linux.Linux;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.storage.spi.PoolLocation;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The driver {@code file-reflink}, as {@link java.util.ServiceLoader} finds it. */
public final class ReflinkDriver implements PoolDriver {
  /** Makes the driver; it holds nothing. */
  public ReflinkDriver() {}

  @Override
  public String name() {
    return "file-reflink";
  }

  @Override
  public List<DriverParameter> parameters() {
    return ReflinkParameters.DESCRIPTIONS;
  }

  @Override
  public Optional<String> place(PoolConfig config) {
    try {
      return config.get(ReflinkParameters.DIR_PATH).map(Path::of).map(PoolLocation::directoryPlace);
    } catch (InvalidPathException e) {
      // open() refuses it with a message.
      return Optional.empty();
    }
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    Optional<String> unavailable = Linux.unavailable();
    if (unavailable.isPresent()) {
      throw new DriverException(
          Code.UNSUPPORTED, "native calls do not work here", unavailable.get());
    }
    ReflinkParameters parameters = ReflinkParameters.of(config);
    ReflinkPool pool = new ReflinkPool(name, config, parameters, context);
    pool.place().attach();
    return pool;
  }
}

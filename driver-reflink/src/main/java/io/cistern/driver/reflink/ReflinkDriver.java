package io.cistern.driver.reflink;

import io.cistern.directory.DirectoryParameters;
import io.cistern.directory.DirectoryPool;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
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
    return DirectoryParameters.place(config);
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    DirectoryPool.checkNative();
    ReflinkParameters parameters = ReflinkParameters.of(config);
    ReflinkPool pool = new ReflinkPool(name, config, parameters, context);
    pool.attach();
    return pool;
  }
}

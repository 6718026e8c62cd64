package io.cistern.driver.file;

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

/** The driver {@code file}, as {@link java.util.ServiceLoader} finds it. */
public final class FileDriver implements PoolDriver {
  /** Makes the driver; it holds nothing. */
  public FileDriver() {}

  @Override
  public String name() {
    return "file";
  }

  @Override
  public List<DriverParameter> parameters() {
    return FileParameters.DESCRIPTIONS;
  }

  @Override
  public Optional<String> place(PoolConfig config) {
    return DirectoryParameters.place(config);
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    DirectoryPool.checkNative();
    FilePool pool = new FilePool(name, config, FileParameters.of(config), context);
    pool.attach();
    return pool;
  }
}

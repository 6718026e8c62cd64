package io.cistern.driver.lvmthin;

import io.cistern.linux.Linux;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The driver {@code lvm_thin}, as {@link java.util.ServiceLoader} finds it. */
public final class LvmThinDriver implements PoolDriver {
  private final Machine machine;

  /** Makes the driver; it holds nothing. */
  public LvmThinDriver() {
    this(Machine.real());
  }

  LvmThinDriver(Machine machine) {
    this.machine = machine;
  }

  @Override
  public String name() {
    return "lvm_thin";
  }

  @Override
  public List<DriverParameter> parameters() {
    return LvmThinParameters.DESCRIPTIONS;
  }

  @Override
  public Optional<String> place(PoolConfig config) {
    return LvmThinParameters.place(config);
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    Optional<String> unavailable = Linux.unavailable();
    if (unavailable.isPresent()) {
      throw new DriverException(
          Code.UNSUPPORTED, "native calls do not work here", unavailable.get());
    }
    LvmThinPool pool =
        new LvmThinPool(name, config, LvmThinParameters.of(config), context, machine);
    pool.attach();
    return pool;
  }
}

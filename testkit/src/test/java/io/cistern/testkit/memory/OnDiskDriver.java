package io.cistern.testkit.memory;

import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.storage.spi.StepProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The driver of the guide on a directory of the machine's, so that processes can be killed that
 * have a pool open; with a bug, or without telling of its steps, if the configuration says so.
 */
public final class OnDiskDriver implements PoolDriver {
  static final String NAME = "on-disk";
  static final String PLACE = "place";
  static final String BUG = "bug";
  static final String STEPS = "steps";

  /** For a process that is to be killed. */
  public OnDiskDriver() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<DriverParameter> parameters() {
    return List.of(
        DriverParameter.required(PLACE, "a directory"),
        DriverParameter.optional(BUG, "the bug that it has", KillBug.NONE.toString()),
        DriverParameter.optional(STEPS, "whether it tells of its steps", "yes"));
  }

  @Override
  public Optional<String> place(PoolConfig config) {
    return config.get(PLACE);
  }

  @Override
  public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
    Path place = Path.of(config.get(PLACE).orElseThrow());
    KillBug bug = KillBug.valueOf(config.get(BUG).orElse(KillBug.NONE.toString()));
    boolean silent = config.get(STEPS).filter("no"::equals).isPresent();
    AutoCloseable lock = bug.lock(place);
    return new OnDiskPool(
        name, config, silent ? silent(context) : context, place, lock, bug.volumes());
  }

  /** The same without anybody who could hear of steps. */
  static DriverContext silent(DriverContext context) {
    return new DriverContext(
        context.driver(),
        context.executor(),
        context.questionExecutor(),
        context.transferExecutor(),
        context.listener(),
        StepProbe.NONE,
        context.clock(),
        context.pools(),
        context.closed());
  }
}

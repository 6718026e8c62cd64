package io.cistern.storage;

import io.cistern.storage.spi.PoolDriver;
import io.cistern.storage.spi.StepProbe;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The open pools of a VM manager, and the only thing with state above pools.
 *
 * <pre>{@code
 * try (Storage storage = Storage.builder().build()) {
 *   Pool pool = storage.open(PoolConfig.builder("vms", "file-reflink")
 *       .set("dir_path", "/srv/vms").build()).join();
 *   pool.setup().join();
 *   Volume root =
 *       pool.volume(VolumeConfig.origin("vm-templates/debian", "root").size(10L << 30).build());
 *   root.create().thenCompose(Volume::start).join();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Drivers are found with {@link java.util.ServiceLoader}.
 */
public final class Storage implements AutoCloseable {
  private final StorageExecutors executors;
  private final DriverRegistry drivers;
  private final OpenPools pools;

  private Storage(Builder builder) {
    this.executors = StorageExecutors.of(builder.executor);
    this.drivers = new DriverRegistry(builder.drivers);
    this.pools = new OpenPools(drivers, executors, builder.listener, builder.probe, builder.clock);
  }

  /** Starts a storage with default settings. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the drivers that were found, by name, with the parameters of each. */
  public List<DriverInfo> drivers() {
    return drivers.infos();
  }

  /**
   * Opens a pool and takes it into possession. {@code NO_SUCH_DRIVER} and {@code INVALID_ARGUMENT}
   * for a configuration that can't be (rules 101 and 107); {@code LOCKED} if another process, or
   * another {@code Storage} of this one, has it open, naming the owner's pid (rule 106); {@code
   * POOL_NOT_READY} if what marks its place can't be read; {@code UNSUPPORTED} where the driver
   * can't work; {@code CLOSED}; {@code IO}.
   */
  public CompletableFuture<Pool> open(PoolConfig config) {
    return pools.open(config);
  }

  /** Returns the open pool of that name. */
  public Optional<Pool> pool(String name) {
    return pools.all().stream().filter(pool -> pool.name().equals(name)).findFirst();
  }

  /** Returns the open pools, in the order in which they were opened. */
  public List<Pool> pools() {
    return pools.all();
  }

  /**
   * Answers which open pool physically contains a file or directory: the deepest pool directory
   * above it on the same mount, else the pool on whose device it lies.
   */
  public CompletableFuture<Optional<Pool>> poolContaining(Path path) {
    return pools.containing(path);
  }

  /**
   * Adds up the usage of the pools. A pool that lies in another one is not counted again, and nor
   * is a second pool on the same file system.
   */
  public CompletableFuture<PoolUsage> usage() {
    return pools.usage();
  }

  /** Closes every pool (see {@link Pool#close()}) and blocks until that is done. */
  @Override
  public void close() {
    try {
      closeAsync().join();
    } catch (CompletionException e) {
      StorageException failure = StorageException.in(e);
      throw failure != null ? failure : e;
    }
  }

  /**
   * Closes every pool (see {@link Pool#close()}). Afterwards no pool can be opened, and what is
   * called on those that were is refused.
   */
  public CompletableFuture<Void> closeAsync() {
    return pools.close().whenComplete((done, failure) -> executors.close());
  }

  /** Collects the settings of a {@link Storage}. */
  public static final class Builder {
    private @Nullable Executor executor;
    private StorageListener listener = event -> {};
    private StepProbe probe = StepProbe.NONE;
    private Clock clock = Clock.systemUTC();
    private final List<PoolDriver> drivers = new ArrayList<>();

    private Builder() {}

    /**
     * Sets what runs all work, the copying included; it must outlive the storage. Native calls pin
     * virtual threads, so platform threads serve best. Without it, the storage has threads of its
     * own, with imports on threads apart so that they keep no start waiting, and questions too, so
     * that they wait for no start that copies; it ends them when it is closed.
     */
    public Builder executor(Executor value) {
      this.executor = value;
      return this;
    }

    /** Sets who hears what happens. */
    public Builder listener(StorageListener value) {
      this.listener = value;
      return this;
    }

    /** Adds a driver that is not found by {@link java.util.ServiceLoader}, or instead of it. */
    public Builder driver(PoolDriver value) {
      this.drivers.add(value);
      return this;
    }

    /** Sets who hears of each step of each operation; for tests. */
    public Builder stepProbe(StepProbe value) {
      this.probe = value;
      return this;
    }

    /** Sets what tells the time, which is written on revisions and orders nothing; for tests. */
    public Builder clock(Clock value) {
      this.clock = value;
      return this;
    }

    /** Returns the storage. */
    public Storage build() {
      return new Storage(this);
    }
  }
}

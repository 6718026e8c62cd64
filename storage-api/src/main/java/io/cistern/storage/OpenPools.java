package io.cistern.storage;

import com.google.common.base.Throwables;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.storage.spi.PoolLocation;
import io.cistern.storage.spi.PoolPlacement;
import io.cistern.storage.spi.StepProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pools that are open or being opened; no two of one name, no two on one place. */
final class OpenPools {
  private static final Logger log = LoggerFactory.getLogger(OpenPools.class);

  /** A pool, from the moment its opening begins. */
  private static final class Entry {
    final Supplier<Optional<String>> placeNow;
    final Optional<String> place;
    final CompletableFuture<Pool> opening = new CompletableFuture<>();

    Entry(Supplier<Optional<String>> placeNow) {
      this.placeNow = placeNow;
      this.place = placeNow.get();
    }

    /** A place that was absent at first may be known by another name once it is there. */
    boolean isAt(Optional<String> other) {
      return other.isPresent() && (other.equals(place) || other.equals(placeNow.get()));
    }

    Optional<Pool> opened() {
      return opening.isDone() && !opening.isCompletedExceptionally()
          ? Optional.of(opening.join())
          : Optional.empty();
    }
  }

  private final DriverRegistry drivers;
  private final StorageExecutors executors;
  private final StorageListener listener;
  private final StepProbe probe;
  private final Clock clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private @Nullable CompletableFuture<Void> closing;

  OpenPools(
      DriverRegistry drivers,
      StorageExecutors executors,
      StorageListener listener,
      StepProbe probe,
      Clock clock) {
    this.drivers = drivers;
    this.executors = executors;
    this.listener = listener;
    this.probe = probe;
    this.clock = clock;
  }

  CompletableFuture<Pool> open(PoolConfig config) {
    return submit(executors.operations(), "pool " + config.name(), "open", () -> openNow(config));
  }

  synchronized List<Pool> all() {
    List<Pool> pools = new ArrayList<>();
    entries.values().forEach(entry -> entry.opened().ifPresent(pools::add));
    return List.copyOf(pools);
  }

  CompletableFuture<Optional<Pool>> containing(Path path) {
    return submit(
        executors.questions(),
        "storage",
        "find what contains " + path,
        () -> PoolPlacement.containing(path, all()));
  }

  CompletableFuture<PoolUsage> usage() {
    return submit(executors.questions(), "storage", "tell the usage", this::outermost)
        .thenCompose(
            pools -> {
              CompletableFuture<PoolUsage> sum =
                  CompletableFuture.completedFuture(PoolUsage.unknown());
              for (Pool pool : pools) {
                sum = sum.thenCombine(usageOf(pool), PoolUsage::plus);
              }
              return sum;
            });
  }

  synchronized CompletableFuture<Void> close() {
    if (closing == null) {
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (Entry entry : List.copyOf(entries.values())) {
        all.add(
            entry.opening.handle((pool, failure) -> pool).thenCompose(OpenPools::closeIfOpened));
      }
      closing = CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new));
    }
    return closing.copy();
  }

  private static CompletableFuture<Void> closeIfOpened(@Nullable Pool pool) {
    return pool == null ? CompletableFuture.completedFuture(null) : pool.close();
  }

  private Pool openNow(PoolConfig config) {
    long begun = System.nanoTime();
    PoolDriver driver = drivers.driverFor(config);
    Entry entry = new Entry(() -> place(driver, config));
    enter(config, entry, namesOfOthersAt(entry.place));
    try {
      Pool pool = driver.open(config.name(), config, context(driver));
      entry.opening.complete(pool);
      tell(config, begun, null);
      return pool;
    } catch (Throwable e) {
      leave(config.name(), entry);
      Throwable failure = translate(config, e);
      entry.opening.completeExceptionally(failure);
      tell(config, begun, failure instanceof StorageException told ? told : bug(config, failure));
      Throwables.throwIfUnchecked(failure);
      throw new AssertionError(failure);
    }
  }

  /** A driver that fails at this question has a chance to explain itself when it opens the pool. */
  private static Optional<String> place(PoolDriver driver, PoolConfig config) {
    try {
      return driver.place(config);
    } catch (RuntimeException e) {
      log.warn("{}: the driver {} can't name its place", config.name(), driver.name(), e);
      return Optional.empty();
    }
  }

  private DriverContext context(PoolDriver driver) {
    return new DriverContext(
        driver.name(),
        executors.operations(),
        executors.questions(),
        executors.transfers(),
        listener,
        probe,
        clock,
        this::all,
        this::forget);
  }

  /** Looks at the disk, so it is done without holding up who only asks for the pools. */
  private List<String> namesOfOthersAt(Optional<String> place) {
    Map<String, Entry> others;
    synchronized (this) {
      others = Map.copyOf(entries);
    }
    return others.entrySet().stream()
        .filter(other -> other.getValue().isAt(place))
        .map(Map.Entry::getKey)
        .toList();
  }

  private synchronized void enter(PoolConfig config, Entry entry, List<String> namesThere) {
    checkOpen("pool " + config.name(), "open");
    if (entries.containsKey(config.name())) {
      throw refusal(
          config, "a pool of that name is open", "Close that one, or choose another name");
    }
    entries.forEach(
        (name, other) -> {
          boolean same = entry.place.isPresent() && entry.place.equals(other.place);
          if (same || namesThere.contains(name)) {
            throw refusal(
                config,
                "the pool %s is open on the same place (%s)"
                    .formatted(name, entry.place.orElseThrow()),
                "Use that pool, or another place");
          }
        });
    entries.put(config.name(), entry);
  }

  private synchronized void leave(String name, Entry entry) {
    entries.remove(name, entry);
  }

  private synchronized void forget(Pool pool) {
    entries.values().removeIf(entry -> entry.opened().filter(pool::equals).isPresent());
  }

  private synchronized void checkOpen(String subject, String attempted) {
    if (closing != null) {
      throw new StorageException(
          Code.CLOSED, subject, attempted, "the Storage was closed", "Build another one");
    }
  }

  /** The pools that lie in no other one, and of those on one file system the first. */
  private List<Pool> outermost() {
    Set<String> fileSystems = new HashSet<>();
    List<Pool> all = all();
    return all.stream()
        .filter(pool -> PoolPlacement.of(pool, all).isEmpty())
        // Only what is counted keeps others on its file system from being counted.
        .filter(pool -> fileSystemOf(pool).filter(name -> !fileSystems.add(name)).isEmpty())
        .toList();
  }

  private static Optional<String> fileSystemOf(Pool pool) {
    return pool instanceof PoolLocation location
        ? location.directory().flatMap(PoolPlacement::fileSystem)
        : Optional.empty();
  }

  private static CompletableFuture<PoolUsage> usageOf(Pool pool) {
    return pool.usage()
        .exceptionally(
            failure -> {
              log.warn("{}: its usage is left out of the sum", pool.name(), failure);
              return PoolUsage.unknown();
            });
  }

  private interface Answer<T> {
    T get();
  }

  private <T> CompletableFuture<T> submit(
      Executor executor, String subject, String attempted, Answer<T> answer) {
    CompletableFuture<T> promise = new CompletableFuture<>();
    try {
      checkOpen(subject, attempted);
      executor.execute(
          () -> {
            try {
              promise.complete(answer.get());
            } catch (StorageException | Error e) {
              promise.completeExceptionally(e);
            } catch (RuntimeException e) {
              promise.completeExceptionally(bug(subject, attempted, e));
            }
          });
    } catch (StorageException e) {
      promise.completeExceptionally(e);
    } catch (RejectedExecutionException e) {
      promise.completeExceptionally(
          new StorageException(
              Code.CLOSED,
              subject,
              attempted,
              "the executor takes no more work",
              "Close the Storage before the executor that was given to it",
              e));
    }
    return promise;
  }

  /** An event without a failure would be a success. */
  private static StorageException bug(PoolConfig config, Throwable failure) {
    return bug("pool " + config.name(), "open", failure);
  }

  private static StorageException bug(String subject, String attempted, Throwable failure) {
    return new StorageException(
        Code.IO,
        subject,
        attempted,
        "there is a bug: " + failure,
        "Report it with this stack trace",
        failure);
  }

  private static Throwable translate(PoolConfig config, Throwable failure) {
    if (failure instanceof StorageException || failure instanceof Error) {
      return failure;
    }
    Code code = failure instanceof DriverException refusal ? refusal.code() : Code.IO;
    String obstacle =
        failure instanceof IOException refusal
            ? DriverException.obstacleOf(refusal)
            : "there is a bug in the driver: " + failure;
    String remedy =
        failure instanceof DriverException refusal
            ? refusal.remedy()
            : "Mend the cause, then try again";
    return new StorageException(code, "pool " + config.name(), "open", obstacle, remedy, failure);
  }

  private void tell(PoolConfig config, long begun, @Nullable StorageException failure) {
    StorageEvent event =
        new StorageEvent(
            StorageEvent.Type.POOL_OPENED,
            config.name(),
            Optional.empty(),
            Duration.ofNanos(System.nanoTime() - begun),
            Optional.ofNullable(failure));
    try {
      listener.onEvent(event);
    } catch (Throwable e) {
      log.warn("the listener to events failed at {}", event, e);
    }
  }

  private static StorageException refusal(PoolConfig config, String obstacle, String remedy) {
    return new StorageException(
        Code.INVALID_ARGUMENT, "pool " + config.name(), "open", obstacle, remedy);
  }
}

package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/**
 * One place, the {@code Storage} that is open on it, and what a test has got from it. Closing that
 * {@code Storage} while volumes are started leaves their sessions, as a crash of the VM manager
 * does.
 */
final class Scenario implements AutoCloseable {
  /** Of all that is up to chance. */
  static final long SEED = Long.getLong("cistern.test.seed", 20240229);

  private final PoolFixture fixture;
  private final String rule;
  private final Waiting waiting;
  private final ScriptedProbe probe = new ScriptedProbe();
  private final SettableClock clock = new SettableClock();
  private final List<StorageEvent> events = new CopyOnWriteArrayList<>();
  private final Map<String, PoolConfig> configs = new LinkedHashMap<>();
  private final Map<VolumeId, VolumeConfig> declared = new LinkedHashMap<>();
  private final List<Ending> handles = new ArrayList<>();
  private final List<AutoCloseable> tools = new ArrayList<>();
  private Optional<Executor> executor = Optional.empty();
  private Storage storage;
  private Pool pool;
  private int contents;

  /** Ends something that was handed out. */
  private interface Ending {
    CompletableFuture<Void> end();
  }

  Scenario(PoolFixture fixture, String rule) {
    this(fixture, rule, new Waiting(rule, fixture.patience()));
  }

  Scenario(PoolFixture fixture, String rule, Waiting waiting) {
    this.fixture = fixture;
    this.rule = rule;
    this.waiting = waiting;
    this.storage = build();
    this.pool = open(fixture.config());
  }

  PoolFixture fixture() {
    return fixture;
  }

  String rule() {
    return rule;
  }

  Waiting waiting() {
    return waiting;
  }

  ScriptedProbe probe() {
    return probe;
  }

  /** Says of an operation that has no steps whether the driver tells of those of others. */
  String withoutSteps() {
    return probe.everTold() ? "it has no steps" : "no steps are told";
  }

  SettableClock clock() {
    return clock;
  }

  /** What the listener has heard, of all storages that there were. */
  List<StorageEvent> events() {
    return events;
  }

  Storage storage() {
    return storage;
  }

  Pool pool() {
    return pool;
  }

  /** The second pool, opened and set up. */
  Pool second() {
    Optional<Pool> open = storage.pool(fixture.secondConfig().name());
    return open.orElseGet(
        () -> {
          Pool second = open(fixture.secondConfig());
          waiting.await(second.setup());
          return second;
        });
  }

  /** Tries to open the pool with a storage of its own, which has to fail. */
  Throwable failureOfAnotherStorage() {
    Storage another = build();
    try {
      return waiting.failureOf(another.open(fixture.config()));
    } finally {
      close(another);
    }
  }

  /** Opens one more pool, which is opened again by each reopening and destroyed at the end. */
  Pool open(PoolConfig config) {
    Pool opened = waiting.await(storage.open(config));
    configs.put(config.name(), config);
    return opened;
  }

  /** Checks something, and says where and what it is about if that fails. */
  void check(String where, String what, Runnable check) {
    try {
      check.run();
    } catch (AssertionError e) {
      throw new AssertionError("%s: %s, %s: %s".formatted(rule, where, what, e.getMessage()), e);
    }
  }

  boolean can(Capability capability) {
    return fixture.capabilities().contains(capability);
  }

  /** New random content; each call gives another one. */
  Content content(long size) {
    return Content.random(SEED + contents++, size);
  }

  /** Has a handle ended when the process dies. */
  void handedOut(Supplier<CompletableFuture<Void>> end) {
    handles.add(end::get);
  }

  /** Has something closed at the end of the test, after the storage. */
  <T extends AutoCloseable> T tool(T closeable) {
    tools.add(closeable);
    return closeable;
  }

  /**
   * Waits for what the driver does in the background, which {@link PoolFixture#objects()} does, so
   * that the steps of the operation that follows have the same numbers each time.
   */
  void awaitBackground() {
    Set<String> unused = fixture.objects();
  }

  /** Closes the storage and opens another on the same place, which runs its work on this. */
  void reopenWith(Executor value) {
    executor = Optional.of(value);
    reopen();
  }

  /** Closes the storage and opens another on the same place. */
  void reopen() {
    close();
    storage = build();
    configs.values().forEach(config -> waiting.await(storage.open(config)));
    pool = storage.pool(fixture.config().name()).orElseThrow();
  }

  /**
   * Ends the process as far as one process can: no step is done any more for what runs and for what
   * was handed out, then the storage lets go of its locks, and a new one opens the place.
   */
  void crash() {
    probe.die();
    for (Ending handle : handles) {
      try {
        waiting.awaitEnd(handle.end());
      } catch (SimulatedDeath expected) {
        // A dead process cleans nothing up.
      }
    }
    handles.clear();
    probe.revive();
    reopen();
  }

  /** The same; skips the rest if nothing of what was handed out could have been left by that. */
  void crashLeaving(String what) {
    crash();
    Assumptions.assumeTrue(
        probe.everDied(), "skipped, the driver reports no steps: nothing leaves " + what);
  }

  /** Declares a volume, and has it removed at the end of the test. */
  Volume declare(Pool in, VolumeConfig config) {
    Volume volume = in.volume(config);
    declared.put(volume.id(), config);
    return volume;
  }

  /** Declares a volume of an earlier storage again. */
  Volume again(Volume volume) {
    return storage.pool(volume.id().pool()).orElseThrow().volume(volume.config());
  }

  /** Removes all volumes and destroys all pools, as an embedder can; then closes. */
  void tidyUp() {
    probe.revive();
    reopen();
    new TidyUp(storage, waiting, declared).run();
    close();
  }

  @Override
  public void close() {
    close(storage);
  }

  /** Does not wait for ever for what hangs, as {@code Storage.close()} would. */
  void close(Storage closed) {
    waiting.await(closed.closeAsync());
  }

  /** Closes those that are still open. */
  void closeTools() throws Exception {
    while (!tools.isEmpty()) {
      tools.remove(tools.size() - 1).close();
    }
  }

  private Storage build() {
    Storage.Builder builder = Storage.builder().stepProbe(probe).clock(clock).listener(events::add);
    executor.ifPresent(builder::executor);
    fixture.drivers().forEach(builder::driver);
    return builder.build();
  }
}

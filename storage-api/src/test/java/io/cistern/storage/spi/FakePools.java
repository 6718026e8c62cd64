package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Outcomes;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageListener;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of operations share: a fake pool on threads of its own, and who listens to it. */
abstract class FakePools {
  static final int THREADS = 4;

  @TempDir Path scratch;
  final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  final List<StorageEvent> events = new CopyOnWriteArrayList<>();
  final List<Pool> closed = new CopyOnWriteArrayList<>();
  FakePlace place;
  FakePool pool;

  @BeforeEach
  void openPool() throws java.io.IOException {
    place = new FakePlace(Files.createDirectories(scratch));
    pool = open("p", place);
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  FakePool open(String name, FakePlace where) {
    return open(name, where, threads, events::add);
  }

  FakePool open(String name, FakePlace where, Executor executor, StorageListener listener) {
    return open(name, where, executor, executor, listener);
  }

  FakePool open(
      String name,
      FakePlace where,
      Executor executor,
      Executor transfers,
      StorageListener listener) {
    DriverContext context =
        new DriverContext(
            "fake",
            executor,
            executor,
            transfers,
            listener,
            StepProbe.NONE,
            Clock.systemUTC(),
            List::of,
            closed::add);
    return new FakePool(name, PoolConfig.builder(name, "fake").build(), context, where);
  }

  /** Opens another pool on the same place, as a process does after one that died. */
  FakePool reopen() {
    return open("p", place);
  }

  /** Declares an origin of the pool. */
  AbstractVolume origin(String vid) {
    return declare(VolumeConfig.builder(vid).saveOnStop(true).size(4096).build());
  }

  AbstractVolume declare(VolumeConfig config) {
    return (AbstractVolume) pool.volume(config);
  }

  /** Declares an origin and creates it. */
  AbstractVolume created(String vid) {
    AbstractVolume volume = origin(vid);
    assertThat(Outcomes.of(volume.create())).isSameAs(volume);
    return volume;
  }

  AbstractVolume started(String vid) {
    AbstractVolume volume = created(vid);
    assertThat(Outcomes.of(volume.start())).isNotNull();
    return volume;
  }

  VolumeConfig.Builder snapshotOf(Volume source, String vid) {
    return VolumeConfig.builder(vid).snapOnStart(true).source(source.id());
  }

  List<StorageEvent.Type> eventTypes() {
    return events.stream().map(StorageEvent::type).toList();
  }
}

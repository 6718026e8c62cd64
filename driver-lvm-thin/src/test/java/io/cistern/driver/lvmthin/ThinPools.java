package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.Refusals;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.SettableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A pool that is set up in a fixture's place, with short ways to what tests do. */
final class ThinPools implements AutoCloseable {
  static final long SIZE = 1 << 18;

  private final PoolFixture fixture;
  private PoolConfig config;
  private final List<StorageEvent> events = new CopyOnWriteArrayList<>();
  private final SettableClock clock = new SettableClock();
  private Storage storage;
  private Pool pool;

  ThinPools(PoolFixture fixture) {
    this.fixture = fixture;
    this.config = fixture.config();
    open();
    get(pool.setup());
  }

  private void open() {
    Storage.Builder builder = Storage.builder().listener(events::add).clock(clock);
    fixture.drivers().forEach(builder::driver);
    storage = builder.build();
    pool = get(storage.open(config));
  }

  /** Forgets what the process knows, as a restart does. */
  void reopen() {
    storage.close();
    open();
  }

  /** Lets another process have the pool. */
  void suspend() {
    storage.close();
  }

  /** Takes the pool again. */
  void resume() {
    open();
  }

  /** The same, with other parameters. */
  void reopen(PoolConfig other) {
    config = other;
    reopen();
  }

  Pool pool() {
    return pool;
  }

  List<StorageEvent> events() {
    return events;
  }

  void moveClock(Duration by) {
    clock.move(by);
  }

  Volume declared(String vid, int revisions) {
    return pool.volume(
        VolumeConfig.builder(vid).saveOnStop(true).size(SIZE).revisionsToKeep(revisions).build());
  }

  Volume origin(String vid, int revisions, String text) throws IOException {
    Volume origin = declared(vid, revisions);
    get(origin.create());
    commit(origin, text);
    return origin;
  }

  void commit(Volume volume, String text) throws IOException {
    BlockDevice device = get(volume.start());
    write(device, text);
    get(volume.stop());
  }

  void write(BlockDevice device, String text) throws IOException {
    fixture.write(device.path(), 0, text.getBytes(StandardCharsets.UTF_8));
  }

  String committed(Volume volume, int length) throws IOException {
    try (VolumeExport export = get(volume.export())) {
      return text(fixture.read(export.path(), 0, length));
    }
  }

  String written(Volume volume, int length) throws IOException {
    return text(fixture.read(get(volume.blockDevice()).path(), 0, length));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static List<RevisionId> ids(Volume volume) {
    return get(volume.revisions()).stream().map(Revision::id).toList();
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(120, TimeUnit.SECONDS).join();
  }

  static StorageException refused(CompletableFuture<?> future, StorageException.Code code) {
    return Refusals.in(catchThrowable(() -> get(future)), code);
  }

  @Override
  public void close() throws IOException {
    storage.close();
    fixture.close();
  }
}

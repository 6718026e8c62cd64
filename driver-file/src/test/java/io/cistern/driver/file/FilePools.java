package io.cistern.driver.file;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.directory.testing.Refusals;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.testkit.disk.Command;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A pool in a fresh directory of a file system, set up, with short ways to what tests do. */
final class FilePools implements AutoCloseable {
  static final long SIZE = 1 << 20;

  private final Path base;
  private final List<StorageEvent> events = new CopyOnWriteArrayList<>();
  private final String reserve;
  private final StepTrap trap = new StepTrap();
  private Storage storage;
  private Pool pool;

  private FilePools(Path base, String reserve) {
    this.base = base;
    this.reserve = reserve;
    this.storage = newStorage();
    this.pool = get(storage.open(config("file")));
  }

  private Storage newStorage() {
    return Storage.builder().listener(events::add).stepProbe(trap).build();
  }

  static FilePools on(FileSystemUnderTest fileSystem) throws IOException {
    return in(fileSystem.directory(), "none");
  }

  static FilePools in(Path directory, String reserve) throws IOException {
    FilePools pools = new FilePools(Files.createTempDirectory(directory, "file"), reserve);
    get(pools.pool.setup());
    return pools;
  }

  /** The configuration of the same directory for a driver. */
  PoolConfig config(String driver) {
    PoolConfig.Builder builder =
        PoolConfig.builder("vms", driver).set("dir_path", directory().toString());
    return (driver.equals("file") ? builder.set("cow_reserve", reserve) : builder).build();
  }

  Path directory() {
    return base.resolve("pool");
  }

  Pool pool() {
    return pool;
  }

  StepTrap trap() {
    return trap;
  }

  /** Lists the mapper devices of the machine. */
  static Set<String> devices() throws IOException {
    return Command.run("dmsetup", "ls")
        .lines()
        .filter(line -> !line.equals("No devices found"))
        .map(line -> line.split("\t")[0])
        .collect(toSet());
  }

  List<StorageEvent> events() {
    return events;
  }

  void closeStorage() {
    storage.close();
  }

  /** Forgets what the process knows, as a restart does. */
  void reopen() {
    storage.close();
    storage = newStorage();
    pool = get(storage.open(config("file")));
  }

  Volume declared(String vid) {
    return pool.volume(VolumeConfig.builder(vid).saveOnStop(true).size(SIZE).build());
  }

  Volume origin(String vid, String text) throws IOException {
    Volume origin = declared(vid);
    get(origin.create());
    commit(origin, text);
    return origin;
  }

  Volume snapshot(String vid, Volume source) {
    return pool.volume(VolumeConfig.builder(vid).snapOnStart(true).source(source.id()).build());
  }

  static BlockDevice start(Volume volume) {
    return get(volume.start());
  }

  static void stop(Volume volume) {
    get(volume.stop());
  }

  static void commit(Volume volume, String text) throws IOException {
    write(start(volume).path(), text);
    stop(volume);
  }

  static void importText(Volume volume, String text) {
    byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), (int) SIZE);
    get(volume.importFrom(Channels.newChannel(new ByteArrayInputStream(bytes)), SIZE));
  }

  static void write(Path image, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      channel.force(true);
    }
  }

  static String read(Path image, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(length);
      channel.read(buffer, 0);
      return new String(buffer.array(), StandardCharsets.UTF_8);
    }
  }

  static String committed(Volume volume, int length) throws IOException {
    try (VolumeExport export = get(volume.export())) {
      return read(export.path(), length);
    }
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(120, TimeUnit.SECONDS).join();
  }

  static StorageException refused(CompletableFuture<?> future, StorageException.Code code) {
    return Refusals.in(catchThrowable(() -> get(future)), code);
  }

  /** The same whatever the code is. */
  static StorageException refused(CompletableFuture<?> future) {
    return Refusals.in(catchThrowable(() -> get(future)));
  }

  @Override
  public void close() throws IOException {
    storage.close();
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

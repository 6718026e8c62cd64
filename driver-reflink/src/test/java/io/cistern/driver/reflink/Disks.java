package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.directory.testing.Refusals;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.spi.StepProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A pool in a fresh directory of a file system, set up, with short ways to what tests do. */
final class Disks implements AutoCloseable {
  private final FileSystemUnderTest fileSystem;
  private final Path base;
  private Storage storage;
  private Pool pool;

  private Disks(FileSystemUnderTest fileSystem, Path base, StepProbe probe) {
    this.fileSystem = fileSystem;
    this.base = base;
    this.storage = Storage.builder().stepProbe(probe).build();
    this.pool = get(storage.open(config()));
  }

  static Disks on(FileSystemUnderTest fileSystem) throws IOException {
    return on(fileSystem, StepProbe.NONE);
  }

  static Disks on(FileSystemUnderTest fileSystem, StepProbe probe) throws IOException {
    Path base = Files.createTempDirectory(fileSystem.directory(), "disks");
    Disks disks = new Disks(fileSystem, base, probe);
    get(disks.pool.setup());
    return disks;
  }

  Path base() {
    return base;
  }

  Path directory() {
    return base.resolve("pool");
  }

  PoolConfig config() {
    return config("vms", directory());
  }

  PoolConfig config(String name, Path directory) {
    return PoolConfig.builder(name, "file-reflink")
        .set("dir_path", directory.toString())
        .set("setup_check", fileSystem.hasReflinks() ? "yes" : "no")
        .build();
  }

  Storage storage() {
    return storage;
  }

  Pool pool() {
    return pool;
  }

  /** Forgets what the process knows, as a restart does. */
  void reopen() {
    storage.close();
    storage = Storage.builder().build();
    pool = get(storage.open(config()));
  }

  void closeStorage() {
    storage.close();
  }

  Volume declared(String vm, String volume, long size) {
    return pool.volume(VolumeConfig.origin(vm, volume).size(size).build());
  }

  Volume origin(String vm, String volume, long size) {
    Volume origin = declared(vm, volume, size);
    get(origin.create());
    return origin;
  }

  static BlockDevice start(Volume volume) {
    return get(volume.start());
  }

  static void stop(Volume volume) {
    get(volume.stop());
  }

  /** Starts a volume, writes a text at its beginning, and stops it. */
  static void commit(Volume volume, String text) throws IOException {
    write(start(volume).path(), 0, text);
    stop(volume);
  }

  static void write(Path image, long offset, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
      channel.write(
          ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)), offset);
    }
  }

  static String read(Path image, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(length);
      channel.read(buffer, 0);
      return new String(buffer.array(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  static String committed(Volume volume, int length) throws IOException {
    try (VolumeExport export = get(volume.export())) {
      return read(export.path(), length);
    }
  }

  static <T> T get(CompletableFuture<T> future) {
    return future.orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Returns what a future fails with, which has to be of that code. */
  static StorageException refused(CompletableFuture<?> future, StorageException.Code code) {
    return Refusals.in(catchThrowable(() -> get(future)), code);
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

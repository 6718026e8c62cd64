package io.cistern.driver.file;

import io.cistern.linux.Access;
import io.cistern.linux.DeviceMapper;
import io.cistern.linux.Directory;
import io.cistern.linux.FileStatus;
import io.cistern.linux.Linux;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * Proves on a directory that what the driver needs works: it makes an origin of data that was not
 * synced, writes to it, and compares what a view of it shows; and leaves nothing (rule 102).
 */
final class SnapshotProof {
  private static final String BASE = ".cistern-setup~1";
  private static final String STORE = ".cistern-setup~2";
  private static final String RENAMED = ".cistern-setup~3";
  private static final List<String> REMAINS = List.of(BASE, STORE, RENAMED);
  private static final int BYTES = CowStore.CHUNK_BYTES + (16 << 10);

  private final Linux linux;
  private final Directory directory;
  private final Devices devices;

  SnapshotProof(Linux linux, DeviceMapper mapper, Directory directory, DeviceNames names) {
    this.linux = linux;
    this.directory = directory;
    this.devices = new Devices(linux, mapper, names);
  }

  void run() throws IOException {
    removeRemains();
    try (Undo remains = new Undo()) {
      remains.push(this::removeRemains);
      prove();
      removeRemains();
      remains.disarm();
    } catch (SystemCallException e) {
      if (e.call().startsWith("ioctl(DM_") || e.call().startsWith("ioctl(LOOP_")) {
        throw missing(e);
      }
      throw e;
    }
  }

  private void prove() throws IOException {
    ByteBuffer before = random();
    try (OpenFile base = directory.createFile(BASE);
        Undo undo = new Undo()) {
      base.write(before.duplicate(), 0);
      OpenFile store = CowStore.make(directory, STORE, BYTES, false);
      undo.push(store::close);
      MappedDevice view = devices.view(base, store, BYTES);
      MappedDevice origin = devices.origin(base, BYTES);
      undo.push(() -> devices.removeUnused(Set.of()));
      undo.push(() -> devices.remove(origin.name()));
      try (OpenFile written = linux.openFile(origin.path(), Access.READ_WRITE);
          OpenFile seen = linux.openFile(view.path(), Access.READ)) {
        written.write(random(), 0);
        written.sync();
        compare(seen, before);
      }
    }
    directory.rename(BASE, RENAMED);
    directory.sync();
  }

  private static ByteBuffer random() {
    byte[] data = new byte[BYTES];
    // Only to differ from what was there before: a better generator would take longer.
    new Random(System.nanoTime()).nextBytes(data);
    return ByteBuffer.wrap(data);
  }

  private void compare(OpenFile seen, ByteBuffer before) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(BYTES);
    while (read.hasRemaining() && seen.read(read, read.position()) > 0) {
      // A read may give less than was asked for.
    }
    if (!read.flip().equals(before)) {
      throw new DriverException(
          Code.IO,
          "a snapshot of a file in %s differs from what it was made of".formatted(directory.path()),
          "Do not use this kernel; look for an update");
    }
  }

  /** Removes what one that was killed has left. */
  void removeRemains() throws IOException {
    for (String name : List.of(BASE, RENAMED)) {
      Optional<FileStatus> base = directory.status(name);
      if (base.isPresent()) {
        devices.removeIfUnused(devices.names().origin(base.get()));
      }
    }
    devices.removeUnused(Set.of());
    for (String name : REMAINS) {
      directory.unlinkIfPresent(name);
    }
  }

  private static DriverException missing(SystemCallException failure) {
    return new DriverException(
        Code.UNSUPPORTED,
        "device-mapper snapshots do not work here: " + failure.getMessage(),
        "Run as root, with the kernel's modules dm-snapshot and loop (modprobe dm-snapshot loop)",
        failure);
  }
}

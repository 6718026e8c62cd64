package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.linux.FileStatus;
import io.cistern.linux.MappedDevice;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.Revision;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeUsage;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What the record, the files and the devices of a volume tell at that moment. */
final class Questions {
  /** Asks an open directory. */
  private interface Question<T> {
    T ask(VolumeDirectory directory) throws IOException;
  }

  /** Whoever looks at every new device for a moment is gone soon. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final FileVolume volume;
  private final FilePool pool;
  private final FileNames names;

  Questions(FileVolume volume, FilePool pool, FileNames names) {
    this.volume = volume;
    this.pool = pool;
    this.names = names;
  }

  SessionForm session() throws IOException {
    return ask(
        SessionForm.NONE,
        directory ->
            switch (volume.kind()) {
              case VOLATILE -> apartIf(directory.has(names.dirty()));
              case SNAPSHOT ->
                  isOfSnapshot(directory)
                      ? apartIf(directory.has(names.store()))
                      : formOfOrigin(directory);
              default -> formOfOrigin(directory);
            });
  }

  private SessionForm formOfOrigin(VolumeDirectory directory) throws IOException {
    return switch (volume.layers().recorded(directory).session()) {
      case NONE -> SessionForm.NONE;
      case STORE -> SessionForm.APART;
      case APART -> SessionForm.DROPPED;
    };
  }

  /**
   * Tells whether store, record and devices are those of a snapshot. Where there is committed
   * content they are an origin's, whatever the volume is declared as.
   */
  boolean isOfSnapshot(VolumeDirectory directory) throws IOException {
    return volume.kind() == VolumeKind.SNAPSHOT
        && !directory.has(names.base())
        && !directory.has(names.next());
  }

  private static SessionForm apartIf(boolean present) {
    return present ? SessionForm.APART : SessionForm.NONE;
  }

  Optional<String> holder() throws IOException {
    return ask(
        Optional.empty(),
        directory -> {
          if (volume.kind() == VolumeKind.VOLATILE) {
            return pool.holders().of(directory.directory(), names.dirty());
          }
          long deadline = System.nanoTime() + PATIENCE_NANOS;
          while (true) {
            Optional<MappedDevice> device = device(directory);
            if (device.isEmpty() || device.get().openCount() == 0) {
              return Optional.empty();
            }
            if (device.get().suspended()) {
              wake(directory);
            }
            if (System.nanoTime() - deadline > 0) {
              return Optional.of(volume.layers().devices().holders(device.get()));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
          }
        });
  }

  /**
   * Lets a device work that a process was enlarging when it died: who waits for it can neither
   * close it nor be killed. With the lock, or it might be this process that has it suspended.
   */
  private void wake(VolumeDirectory directory) throws IOException {
    Devices devices = volume.layers().devices();
    volume
        .layers()
        .locked(
            () -> {
              Optional<FileStatus> store = directory.file(names.store());
              if (isOfSnapshot(directory) && store.isPresent()) {
                devices.wakeSnapshot(store.get());
              }
              Optional<MappedDevice> device = device(directory);
              if (device.isPresent()) {
                devices.wake(device.get());
              }
            });
  }

  OptionalLong committedSize() throws IOException {
    return ask(OptionalLong.empty(), directory -> volume.layers().committedSize(directory));
  }

  OptionalLong sessionSize() throws IOException {
    return ask(
        OptionalLong.empty(),
        directory ->
            switch (volume.kind()) {
              case VOLATILE -> size(directory.file(names.dirty()));
              case SNAPSHOT ->
                  isOfSnapshot(directory) ? sizeOf(device(directory)) : originSize(directory);
              default -> originSize(directory);
            });
  }

  private OptionalLong originSize(VolumeDirectory directory) throws IOException {
    Recorded recorded = volume.layers().recorded(directory);
    return switch (recorded.session()) {
      case NONE -> OptionalLong.empty();
      case STORE -> size(directory.file(names.base()));
      case APART -> recorded.committedSize();
    };
  }

  private OptionalLong sizeOf(Optional<MappedDevice> device) throws IOException {
    return device.isPresent()
        ? volume.layers().devices().sizeIfPresent(device.get().name())
        : OptionalLong.empty();
  }

  private static OptionalLong size(Optional<FileStatus> file) {
    return file.isPresent() ? OptionalLong.of(file.get().size()) : OptionalLong.empty();
  }

  List<Revision> revisions() throws IOException {
    return ask(
        List.of(),
        directory ->
            kept(directory).stream()
                .map(kept -> new Revision(kept.id(), kept.created(), OptionalLong.of(kept.size())))
                .toList());
  }

  /** A revision whose file somebody has removed is none. */
  private Optional<KeptRevision> kept(VolumeDirectory directory) throws IOException {
    if (!volume.kind().saveOnStop()) {
      return Optional.empty();
    }
    return volume.layers().locked(() -> keptNow(directory));
  }

  private Optional<KeptRevision> keptNow(VolumeDirectory directory) throws IOException {
    Recorded recorded = volume.layers().recorded(directory);
    Optional<KeptRevision> kept = recorded.revision();
    if (kept.isEmpty() || directory.isRemoved()) {
      return Optional.empty();
    }
    boolean isThere =
        recorded.pending() != Recorded.Pending.NOTHING
            || directory.has(names.revision(kept.get().form()));
    return isThere ? kept : Optional.empty();
  }

  VolumeUsage usage() throws IOException {
    return ask(
        VolumeUsage.unknown(),
        directory -> {
          String image =
              switch (volume.kind()) {
                case VOLATILE -> names.dirty();
                case SNAPSHOT -> names.store();
                default -> names.base();
              };
          OptionalLong used =
              directory
                  .file(image)
                  .map(file -> OptionalLong.of(file.allocated()))
                  .orElse(OptionalLong.empty());
          Optional<KeptRevision> kept = kept(directory);
          long revisions = 0;
          if (kept.isPresent()) {
            revisions =
                directory
                    .file(names.revision(kept.get().form()))
                    .map(FileStatus::allocated)
                    .orElse(0L);
          }
          return new VolumeUsage(used, OptionalLong.empty(), OptionalLong.of(revisions));
        });
  }

  BlockDevice blockDevice() throws IOException {
    Optional<BlockDevice> found = ask(Optional.empty(), this::blockDevice);
    return found.orElseThrow(
        () ->
            new DriverException(
                Code.VOLUME_NOT_FOUND,
                "the session's device is missing",
                "Find out who removed it; close and open the pool, then stop() of an origin commits"
                    + " what was written to it, and stop(DISCARD) gives the session up"));
  }

  private Optional<BlockDevice> blockDevice(VolumeDirectory directory) throws IOException {
    if (volume.kind() == VolumeKind.VOLATILE) {
      return directory.has(names.dirty())
          ? Optional.of(device(directory.path(names.dirty()), BlockDevice.Type.FILE))
          : Optional.empty();
    }
    return device(directory).map(found -> device(found.path(), BlockDevice.Type.BLOCK));
  }

  private BlockDevice device(java.nio.file.Path path, BlockDevice.Type type) {
    return new BlockDevice(path, type, volume.config().rw());
  }

  boolean isOutdated(Layers source) throws IOException {
    Optional<String> madeFrom =
        ask(Optional.empty(), directory -> volume.layers().recorded(directory).source());
    Optional<VolumeDirectory> present = source.pool().open(source.names());
    if (present.isEmpty()) {
      return true;
    }
    try (VolumeDirectory directory = present.get()) {
      return !directory.has(source.names().base())
          || !madeFrom.equals(Optional.of(source.recorded(directory).content()));
    }
  }

  /** Finds the device that the VM has. */
  private Optional<MappedDevice> device(VolumeDirectory directory) throws IOException {
    Layers layers = volume.layers();
    return isOfSnapshot(directory)
        ? new SnapshotSession(layers).device(directory)
        : new SessionDevices(layers).device(directory, layers.recorded(directory));
  }

  private <T> T ask(T ifAbsent, Question<T> question) throws IOException {
    Optional<VolumeDirectory> present = pool.open(names);
    if (present.isEmpty()) {
      return ifAbsent;
    }
    try (VolumeDirectory directory = present.get()) {
      return question.ask(directory);
    }
  }
}

package io.cistern.driver.file;

import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of a snapshot: a store of its own on top of the committed content of its source. A
 * crash discards it, so nothing is synced.
 */
final class SnapshotSession {
  private static final Logger log = LoggerFactory.getLogger(SnapshotSession.class);

  private final Layers layers;
  private final SessionDevices devices;

  SnapshotSession(Layers layers) {
    this.layers = layers;
    this.devices = new SessionDevices(layers);
  }

  void start(VolumeDirectory directory, Layers source) throws IOException {
    try (VolumeDirectory sourceDirectory = source.pool().existing(source.names())) {
      source.locked(
          () -> {
            try (Undo undo = new Undo()) {
              undo.push(() -> source.release(sourceDirectory));
              MappedDevice committed = source.readable(sourceDirectory);
              String content = source.recorded(sourceDirectory).content();
              start(directory, committed, source.devices().size(committed.name()), content);
              undo.disarm();
            }
          });
    }
  }

  private void start(VolumeDirectory directory, MappedDevice committed, long size, String content)
      throws IOException {
    String name = layers.names().store();
    try (Undo undo = new Undo();
        OpenFile store =
            CowStore.make(directory.directory(), name, size, layers.pool().isReserved())) {
      undo.push(() -> directory.remove(name));
      layers.state().writeUnsynced(directory, Recorded.fresh().from(content));
      undo.push(() -> directory.remove(layers.names().state()));
      devices.on(committed, store);
      undo.disarm();
    }
  }

  /** Drops it; the source's devices that served it go too. */
  void discard(VolumeDirectory directory, Layers source) throws IOException {
    Optional<MappedDevice> device = device(directory);
    if (device.isPresent()) {
      layers.devices().remove(device.get().name());
    }
    layers.devices().removeUnused(java.util.Set.of());
    directory.remove(layers.names().store());
    directory.remove(layers.names().state());
    releaseQuietly(source);
  }

  /** The session is gone by now (rule 1003); whoever changes the source next releases them. */
  private void releaseQuietly(Layers source) {
    try {
      Optional<VolumeDirectory> present = source.pool().open(source.names());
      if (present.isPresent()) {
        try (VolumeDirectory directory = present.get()) {
          source.locked(() -> source.release(directory));
        }
      }
    } catch (IOException e) {
      log.warn(
          "{}: the devices that served {} stay until its next change: {}",
          source.names().base(),
          layers.names().base(),
          e.getMessage());
    }
  }

  /** Finds the device that the VM has. */
  Optional<MappedDevice> device(VolumeDirectory directory) throws IOException {
    return devices.writing(directory, layers.names().store());
  }

  /** Lets the store grow, and the device that the VM has. */
  void grow(VolumeDirectory directory, long size) throws IOException {
    layers.locked(
        () -> {
          try (OpenFile store = directory.openStore(layers.names().store())) {
            FileStatus status = store.status();
            long capacity = CowStore.capacity(size);
            if (layers.pool().isReserved()) {
              store.allocate(0, capacity);
            }
            if (status.size() < capacity) {
              DurableFiles.resize(store, capacity);
              layers.devices().refreshLoops(store);
            }
            layers.devices().growSnapshot(store, size);
          }
        });
  }
}

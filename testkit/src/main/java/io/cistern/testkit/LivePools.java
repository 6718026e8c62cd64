package io.cistern.testkit;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pools that a model is compared with, and what commands have got from them. Commands on
 * different volumes may be called from different threads.
 */
final class LivePools {
  private final Scenario scenario;
  private final Model model;
  private final Map<String, Volume> volumes = new ConcurrentHashMap<>();
  private final Map<String, VolumeImport> imports = new ConcurrentHashMap<>();
  private final Map<String, Deque<VolumeExport>> exports = new ConcurrentHashMap<>();
  private final Map<String, AutoCloseable> holders = new ConcurrentHashMap<>();

  LivePools(Scenario scenario, Model model) {
    this.scenario = scenario;
    this.model = model;
    scenario.waiting().await(scenario.pool().setup());
    scenario.second();
    declareAll();
  }

  private void declareAll() {
    for (ModelVolume volume : model.volumes()) {
      exports.put(volume.name(), new ArrayDeque<>());
      declare(volume.name());
    }
  }

  Scenario scenario() {
    return scenario;
  }

  Volume volume(String name) {
    return Optional.ofNullable(volumes.get(name)).orElseThrow();
  }

  /** Declares a volume as it was at first. */
  Volume declare(String name) {
    return declare(name, model.volume(name).declared());
  }

  private Volume declare(String name, VolumeConfig config) {
    synchronized (scenario) {
      boolean isInSecond = Model.isInSecond(model.volume(name));
      return declare(isInSecond ? scenario.second() : scenario.pool(), name, config);
    }
  }

  private Volume declare(Pool pool, String name, VolumeConfig config) {
    synchronized (scenario) {
      Volume declared = scenario.declare(pool, config);
      volumes.put(name, declared);
      return declared;
    }
  }

  /**
   * Declares a volume that was removed. In a pool that is closed, or was closed since, the next
   * opening does that; this must not open it.
   */
  Volume declareAnew(Volume removed) {
    String name = removed.id().vid();
    Optional<Pool> pool = scenario.storage().pool(removed.id().pool());
    if (pool.isEmpty()) {
      return removed;
    }
    try {
      return declare(pool.get(), name, model.volume(name).declared());
    } catch (StorageException e) {
      if (e.code() == StorageException.Code.CLOSED) {
        return removed;
      }
      throw e;
    }
  }

  void reopen() {
    scenario.reopen();
    opened();
  }

  void crash() {
    scenario.crash();
    opened();
  }

  private void opened() {
    imports.clear();
    exports.values().forEach(Deque::clear);
    for (ModelVolume volume : model.volumes()) {
      declare(volume.name(), volume.config());
    }
  }

  VolumeImport importing(String name, VolumeImport handle) {
    synchronized (scenario) {
      scenario.handedOut(handle::abort);
    }
    imports.put(name, handle);
    return handle;
  }

  Optional<VolumeImport> importOf(String name) {
    return Optional.ofNullable(imports.get(name));
  }

  /** The import into a volume has ended. */
  String imported(String name) {
    imports.remove(name);
    return name;
  }

  VolumeExport exporting(String name, VolumeExport export) {
    synchronized (scenario) {
      scenario.handedOut(export::closeAsync);
    }
    exportsOf(name).add(export);
    return export;
  }

  /** Returns the open exports, the oldest first. */
  Deque<VolumeExport> exportsOf(String name) {
    return Optional.ofNullable(exports.get(name)).orElseThrow();
  }

  CompletableFuture<?> closeExport(String name) {
    VolumeExport oldest = exportsOf(name).poll();
    return oldest == null ? CompletableFuture.completedFuture(name) : oldest.closeAsync();
  }

  /** Opens the device of a volume as a VM does, if it is started and may be written to. */
  CompletableFuture<?> hold(String name, Volume volume) {
    ModelVolume expected = model.volume(name);
    if (!expected.isStarted() || !expected.isRw() || expected.isHeld()) {
      return CompletableFuture.completedFuture(name);
    }
    return volume
        .blockDevice()
        .thenApply(
            device -> {
              synchronized (scenario) {
                try {
                  holders.put(name, scenario.fixture().hold(device.path()));
                } catch (IOException e) {
                  throw new ModelMismatch("holding a device", "can't hold " + device, e);
                }
              }
              return name;
            });
  }

  CompletableFuture<?> letGo(String name) {
    release(name);
    return CompletableFuture.completedFuture(name);
  }

  private void release(String name) {
    AutoCloseable holder = holders.remove(name);
    if (holder != null) {
      synchronized (scenario) {
        try {
          holder.close();
        } catch (Exception e) {
          throw new ModelMismatch("holding a device", "can't let go of " + name, e);
        }
      }
    }
  }

  /** Lets go of all that is held. */
  void letGoOfAll() {
    List.copyOf(holders.keySet()).forEach(this::release);
  }

  /** Writes what a VM writes, if there is one that may. */
  CompletableFuture<?> writeDevice(Volume volume, int place, int mark) {
    ModelVolume expected = model.volume(volume.id().vid());
    if (!expected.isStarted() || !expected.isRw()) {
      return CompletableFuture.completedFuture(volume);
    }
    return volume
        .blockDevice()
        .thenApply(
            (BlockDevice device) -> {
              write(device.path(), place, mark);
              return volume;
            });
  }

  void write(Path path, int place, int mark) {
    synchronized (scenario) {
      try {
        Mark written = Mark.at(place, scenario.fixture().size(path), mark);
        scenario.fixture().write(path, written.offset(), written.content().bytes());
      } catch (IOException e) {
        throw new ModelMismatch("writing", "can't write to " + path, e);
      }
    }
  }

  Content read(Path path) {
    synchronized (scenario) {
      return new Images(scenario).at(path);
    }
  }

  /** Reads the committed content. */
  Content committed(String name) {
    VolumeExport export = scenario.waiting().await(volume(name).export());
    try {
      return read(export.path());
    } finally {
      scenario.waiting().await(export.closeAsync());
    }
  }
}

package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Pending;
import io.cistern.linux.FileStatus;
import io.cistern.linux.MappedDevice;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a volume into order before it is changed: does what follows from its record, and removes
 * what a dead process left (rule 904).
 */
final class Settlement {
  private static final Logger log = LoggerFactory.getLogger(Settlement.class);

  private final Layers layers;
  private final Set<String> openExports;

  Settlement(Layers layers, Set<String> openExports) {
    this.layers = layers;
    this.openExports = openExports;
  }

  /** Settles the volume, before it is changed. */
  Recorded run(VolumeDirectory directory) throws IOException {
    checkNames(directory);
    finishRemoval(directory);
    Recorded recorded =
        layers.locked(
            () -> {
              layers.state().settle(directory);
              layers.state().removeTorn(directory);
              return new FollowUp(layers).run(directory);
            });
    if (recorded.pending() == Pending.PUT_BACK) {
      recorded = putBack(directory, recorded);
    }
    Recorded settled = recorded;
    layers.locked(() -> sweep(directory, settled));
    return recorded;
  }

  /** What follows a switch replaces what has these names, and has to succeed. */
  private void checkNames(VolumeDirectory directory) throws IOException {
    FileNames names = layers.names();
    for (String name : List.of(names.base(), names.oldBase(), names.oldStore())) {
      Optional<FileStatus> status = directory.directory().status(name);
      if (status.isPresent() && !status.get().isRegularFile()) {
        throw new DriverException(
            Code.IO,
            "%s is not a regular file, and was not made by Cistern".formatted(directory.path(name)),
            "Move it away");
      }
    }
  }

  /** The switch is made: what goes wrong now is made up for at the next change (rule 1003). */
  void runQuietly(VolumeDirectory directory) {
    try {
      run(directory);
    } catch (IOException e) {
      log.warn(
          "{} is switched, but old files are left until its next change: {}",
          directory.path(layers.names().base()),
          e.getMessage());
    }
  }

  private Recorded putBack(VolumeDirectory directory, Recorded recorded) throws IOException {
    layers.locked(() -> layers.release(directory));
    new PutBack(layers).run(directory, recorded.committedSize().orElseThrow());
    return layers.locked(
        () -> {
          Recorded settled = recorded.settled();
          layers.state().writeLazily(directory, settled);
          directory.remove(layers.names().store());
          return settled;
        });
  }

  private void finishRemoval(VolumeDirectory directory) throws IOException {
    if (directory.has(layers.names().tombstone())) {
      if (directory.has(layers.names().base())) {
        directory.remove(layers.names().tombstone());
      } else {
        directory.directory().sync();
        new RemoveProtocol(layers).finish(directory);
      }
    }
  }

  /** Needs the lock: who has it may be making what would pass for a leftover. */
  private void sweep(VolumeDirectory directory, Recorded recorded) throws IOException {
    layers.release(directory);
    FileNames names = layers.names();
    for (String name : directory.directory().list()) {
      boolean isSession =
          name.equals(names.session()) && recorded.session() != Recorded.Session.APART;
      boolean isExport = names.isExportStore(name) && !openExports.contains(name);
      if (names.leftovers().contains(name) || isSession || isExport) {
        sweep(directory, name);
      }
    }
    Optional<MappedDevice> device = new SessionDevices(layers).device(directory, recorded);
    if (device.isPresent()) {
      layers.devices().wake(device.get());
    }
  }

  private void sweep(VolumeDirectory directory, String name) throws IOException {
    if (!directory.has(name)) {
      return;
    }
    Optional<String> holder = layers.pool().holders().of(directory.directory(), name);
    if (holder.isPresent()) {
      log.warn("the leftover {} stays, since {} holds it", directory.path(name), holder.get());
    } else {
      directory.remove(name);
    }
  }
}

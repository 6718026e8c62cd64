package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Session;
import io.cistern.linux.FileStatus;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.storage.StorageException.Code;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The devices of a session: what the VM writes to, and what that needs. Needs the lock. */
final class SessionDevices {
  private final Layers layers;

  SessionDevices(Layers layers) {
    this.layers = layers;
  }

  /** Returns the names of those that are there, and are to stay though nobody has them open. */
  Set<String> names(VolumeDirectory directory, Recorded recorded) throws IOException {
    Set<String> names = new TreeSet<>();
    Optional<FileStatus> base = directory.file(layers.names().base());
    Optional<FileStatus> store = directory.file(layers.names().store());
    if (recorded.session() == Session.STORE && base.isPresent()) {
      names.add(deviceNames().origin(base.get()));
      store.ifPresent(file -> names.add(deviceNames().view(base.get(), file)));
    }
    device(directory, recorded).map(MappedDevice::name).ifPresent(names::add);
    return names;
  }

  /** Finds the device that the VM of an origin has. */
  Optional<MappedDevice> device(VolumeDirectory directory, Recorded recorded) throws IOException {
    return switch (recorded.session()) {
      case NONE -> Optional.empty();
      case STORE -> {
        Optional<FileStatus> base = directory.file(layers.names().base());
        yield base.isPresent()
            ? layers.devices().find(deviceNames().origin(base.get()))
            : Optional.empty();
      }
      case APART -> writing(directory, layers.names().session());
    };
  }

  /** Finds the device that writes to the store of that name. */
  Optional<MappedDevice> writing(VolumeDirectory directory, String name) throws IOException {
    Optional<FileStatus> store = directory.file(name);
    return store.isPresent() ? layers.devices().findWriting(store.get()) : Optional.empty();
  }

  /** Makes what is missing of the devices of an origin's session, which is recorded. */
  MappedDevice make(VolumeDirectory directory, Recorded recorded) throws IOException {
    MappedDevice committed = layers.committed(directory);
    if (recorded.session() == Session.APART) {
      try (OpenFile store = directory.openStore(layers.names().session())) {
        return on(committed, store);
      }
    }
    try (OpenFile base = directory.openBaseForWriting(Code.IO)) {
      return layers.devices().origin(base, base.status().size());
    }
  }

  /** Removes the device that the VM of an origin has; not while the VM has it open. */
  void remove(VolumeDirectory directory, Recorded recorded) throws IOException {
    Optional<MappedDevice> device = device(directory, recorded);
    if (device.isPresent()) {
      layers.devices().remove(device.get().name());
    }
  }

  /** Makes the device that writes to a store, on top of committed content. */
  MappedDevice on(MappedDevice committed, OpenFile store) throws IOException {
    String name = deviceNames().on(committed.name(), store.status());
    long size = layers.devices().size(committed.name());
    return layers.devices().on(committed, name, store, size);
  }

  private DeviceNames deviceNames() {
    return layers.devices().names();
  }
}

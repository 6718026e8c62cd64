package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Form;
import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.linux.Access;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What others read of a volume: each export is a device of its own that can't be written to, on top
 * of a view that stays as it is whatever becomes of the volume.
 */
final class Exports {
  private final Layers layers;

  Exports(Layers layers) {
    this.layers = layers;
  }

  /** Pins the committed content for this process. */
  PinnedContent pin() throws IOException {
    try (VolumeDirectory directory = layers.pool().existing(layers.names())) {
      return layers.locked(
          () -> {
            try (Undo undo = new Undo()) {
              undo.push(() -> layers.release(directory));
              MappedDevice view = layers.readable(directory);
              // Only now: what a switch is followed by may have made another image the base.
              OpenFile base = directory.openBase();
              undo.push(base::close);
              OpenFile device = layers.pool().linux().openFile(view.path(), Access.READ);
              undo.push(device::close);
              long size = layers.devices().size(view.name());
              undo.disarm();
              return new PinnedView(device, base, size, this::release);
            }
          });
    }
  }

  /** Exports the committed content, or a revision. */
  PinnedContent export(Optional<RevisionId> wanted) throws IOException {
    try (VolumeDirectory directory = directory(wanted)) {
      return layers.locked(
          () -> {
            try (Undo undo = new Undo()) {
              undo.push(() -> layers.release(directory));
              long number = freeNumber(directory);
              MappedDevice below =
                  wanted.isPresent()
                      ? revision(directory, wanted.get(), number, undo)
                      : layers.readable(directory);
              PinnedContent export = export(below, number, undo);
              undo.disarm();
              return export;
            }
          });
    }
  }

  /** A volume that is not there has no revisions either. */
  private VolumeDirectory directory(Optional<RevisionId> wanted) throws IOException {
    if (wanted.isEmpty()) {
      return layers.pool().existing(layers.names());
    }
    Optional<VolumeDirectory> present = layers.pool().open(layers.names());
    if (present.isEmpty()) {
      throw noSuchRevision(wanted.get(), Optional.empty());
    }
    return present.get();
  }

  private static DriverException noSuchRevision(RevisionId wanted, Optional<KeptRevision> kept) {
    return new DriverException(
        Code.NO_SUCH_REVISION,
        "there is no revision " + wanted,
        kept.map(other -> "There is the revision " + other.id())
            .orElse("There are none to choose from"));
  }

  /** After a power cut there is the store of an earlier export, and no device. */
  private long freeNumber(VolumeDirectory directory) throws IOException {
    while (true) {
      long number = layers.pool().nextExport();
      String store = layers.names().exportStore(number);
      if (!layers.devices().isTaken(layers.devices().names().export(number))
          && directory.directory().status(store).isEmpty()) {
        return number;
      }
    }
  }

  private MappedDevice revision(
      VolumeDirectory directory, RevisionId wanted, long number, Undo undo) throws IOException {
    Optional<KeptRevision> kept = new FollowUp(layers).run(directory).revision();
    if (kept.isEmpty()
        || directory.isRemoved()
        || !kept.get().id().equals(wanted)
        || !directory.has(layers.names().revision(kept.get().form()))) {
      throw noSuchRevision(wanted, kept);
    }
    return kept.get().form() == Form.BLOCKS
        ? blocks(directory, kept.get().size())
        : whole(directory, kept.get().size(), number, undo);
  }

  /** Where a snapshot still reads through the old blocks, that view is at hand. */
  private MappedDevice blocks(VolumeDirectory directory, long size) throws IOException {
    try (OpenFile store = directory.openStore(layers.names().oldStore())) {
      Optional<MappedDevice> present = layers.devices().findWriting(store.status());
      if (present.isPresent()) {
        return present.get();
      }
      MappedDevice committed = layers.readable(directory);
      String name = layers.devices().names().on(committed.name(), store.status());
      return layers.devices().on(committed, name, store, size);
    }
  }

  /** The image may become the base again, and then be written to: it needs a store. */
  private MappedDevice whole(VolumeDirectory directory, long size, long number, Undo undo)
      throws IOException {
    String name = layers.names().exportStore(number);
    layers.pool().openExports().add(name);
    undo.push(() -> layers.pool().openExports().remove(name));
    try (OpenFile image =
            directory.directory().openFile(layers.names().oldBase(), Access.READ_WRITE);
        OpenFile store =
            CowStore.make(directory.directory(), name, size, layers.pool().isReserved())) {
      undo.push(() -> directory.remove(name));
      return layers.devices().view(image, store, size);
    }
  }

  private PinnedContent export(MappedDevice below, long number, Undo undo) throws IOException {
    String name = layers.devices().names().export(number);
    long size = layers.devices().size(below.name());
    MappedDevice device = layers.devices().readOnly(below, name, size);
    undo.push(() -> layers.devices().remove(name));
    // Held, so that nobody takes it for a leftover.
    OpenFile held = layers.pool().linux().openFile(device.path(), Access.READ);
    return new Export(held, device.path(), size, name, number);
  }

  private void release() throws IOException {
    if (!layers.pool().isReady()) {
      return;
    }
    Optional<VolumeDirectory> present = layers.pool().open(layers.names());
    if (present.isEmpty()) {
      // The volume was removed meanwhile, with its directory.
      layers.locked(() -> layers.devices().removeUnused(Set.of()));
      return;
    }
    try (VolumeDirectory directory = present.get()) {
      layers.locked(() -> layers.release(directory));
    }
  }

  /** An export that somebody has open. */
  private final class Export implements PinnedContent {
    private final OpenFile held;
    private final Path path;
    private final long size;
    private final String device;
    private final String store;

    Export(OpenFile held, Path path, long size, String device, long number) {
      this.held = held;
      this.path = path;
      this.size = size;
      this.device = device;
      this.store = layers.names().exportStore(number);
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void close() throws IOException {
      try {
        layers.locked(
            () -> {
              // With the lock: once it is closed, others take it for a leftover.
              held.close();
              layers.devices().removeWhenClosed(device);
            });
        removeStore();
        release();
      } finally {
        layers.pool().openExports().remove(store);
      }
    }

    /** The device keeps the file; only its name goes. */
    private void removeStore() throws IOException {
      if (layers.pool().openExports().contains(store) && layers.pool().isReady()) {
        layers.pool().tidy(layers.names(), directory -> directory.remove(store));
      }
    }
  }
}

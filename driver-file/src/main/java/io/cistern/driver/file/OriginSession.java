package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Form;
import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.driver.file.Recorded.Pending;
import io.cistern.driver.file.Recorded.Session;
import io.cistern.linux.Access;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of an origin. Its writes go into the base, and the kernel saves each block in the store
 * before it is written to first: what is committed is the base as seen through the store, until the
 * record says that it is the base.
 *
 * <pre>
 * start    make private-cow.img, sync it; record the session; make the devices
 * commit   sync the origin's device, and remove it; sync the base; record the new content: that is
 *          the switch; rename private-cow.img to private-cow.img.old
 * discard  remove the origin's device; record that the blocks go back: that is the switch; put them
 *          back; remove private-cow.img
 * </pre>
 */
final class OriginSession {
  private static final Logger log = LoggerFactory.getLogger(OriginSession.class);

  private final Layers layers;
  private final SessionDevices devices;

  OriginSession(Layers layers) {
    this.layers = layers;
    this.devices = new SessionDevices(layers);
  }

  /** Begins a session, durably. */
  void start(VolumeDirectory directory, boolean writable) throws IOException {
    layers.locked(
        () -> {
          Recorded before = layers.recorded(directory);
          Optional<Recorded> earlier = layers.state().read(directory);
          try (Undo undo = new Undo()) {
            undo.push(() -> layers.release(directory));
            MappedDevice committed = layers.committed(directory);
            long size = layers.devices().size(committed.name());
            Session kind = writable ? Session.STORE : Session.APART;
            prepareStore(directory, kind, size, undo);
            Recorded started = before.started(kind, size);
            layers.state().write(directory, started, earlier);
            undo.push(() -> layers.state().write(directory, before, Optional.of(started)));
            undo.push(() -> devices.remove(directory, started));
            devices.make(directory, started);
            undo.disarm();
          }
        });
  }

  private void prepareStore(VolumeDirectory directory, Session kind, long size, Undo undo)
      throws IOException {
    if (kind == Session.STORE) {
      try (OpenFile store = directory.openStore(layers.names().store())) {
        store.sync();
      }
      return;
    }
    String name = layers.names().session();
    try (OpenFile store =
        CowStore.make(directory.directory(), name, size, layers.pool().isReserved())) {
      undo.push(() -> directory.remove(name));
      store.sync();
    }
  }

  /** Makes the devices of a session again that a crash has left without. */
  void resume(VolumeDirectory directory) throws IOException {
    layers.locked(
        () -> {
          Recorded session = layers.recorded(directory);
          devices.make(directory, session);
          if (session.session() == Session.STORE) {
            // A process that died while it let the volume grow may have left the device as it was.
            try (OpenFile base = directory.openBaseForWriting(Code.IO)) {
              layers.devices().growOrigin(base, base.status().size());
            }
          }
        });
  }

  /** Refuses a session whose device is gone: what the VM wrote last may never have arrived. */
  void requireDevice(VolumeDirectory directory) throws IOException {
    if (devices.device(directory, layers.recorded(directory)).isEmpty()) {
      throw new DriverException(
          Code.IO,
          "the device of the session of %s was removed by somebody"
              .formatted(directory.path(layers.names().base())),
          "stop(DISCARD) drops the session; to keep what has arrived in the image, close the pool,"
              + " open it again, and stop the volume then");
    }
  }

  /**
   * Has all in the base that the VM wrote to its device and did not flush. What the kernel could
   * not write there when the VM closed the device, only the device tells, and only to one who has
   * it open: the base has never seen it. Without the lock, since it may take long.
   */
  private void syncDevice(VolumeDirectory directory) throws IOException {
    Optional<MappedDevice> device =
        layers.locked(() -> devices.device(directory, layers.recorded(directory)));
    if (device.isPresent()) {
      try (OpenFile opened = layers.pool().linux().openFile(device.get().path(), Access.READ)) {
        opened.sync();
      }
    }
  }

  /** Makes the base the content; tells whether the old content was lost. */
  boolean commit(VolumeDirectory directory, boolean keep, Instant now) throws IOException {
    syncDevice(directory);
    return layers.locked(
        () -> {
          Recorded session = layers.recorded(directory);
          try (OpenFile base = directory.openBaseForWriting(Code.IO);
              Undo undo = new Undo()) {
            devices.remove(directory, session);
            undo.push(() -> devices.make(directory, session));
            boolean lost = isStoreLost(directory);
            base.sync();
            Recorded switched = committed(session, base.status().size(), keep && !lost, now);
            layers.state().write(directory, switched, Optional.of(session));
            undo.disarm();
            return lost;
          }
        });
  }

  private static Recorded committed(Recorded session, long size, boolean keep, Instant now) {
    if (!keep) {
      return session.switched(size, Pending.DROP_STORE, Optional.empty());
    }
    RevisionId id = new RevisionId(session.nextRevision());
    long old = session.committedSize().orElseThrow();
    return session.switched(
        size, Pending.KEEP_STORE, Optional.of(new KeptRevision(id, now, old, Form.BLOCKS)));
  }

  /**
   * Tells whether the old blocks are lost: the kernel had to give them up, or somebody has removed
   * them. What the VM has written is in the base all the same.
   */
  private boolean isStoreLost(VolumeDirectory directory) throws IOException {
    String name = layers.names().store();
    if (!directory.has(name)) {
      log.warn("{} is missing: somebody has removed it", directory.path(name));
      return true;
    }
    try (OpenFile store = directory.openStore(name)) {
      boolean lost = new CowStore(store).isInvalid() || layers.isGivenUp(directory);
      if (lost) {
        log.warn(
            "{} is invalid: the file system was full when an old block was to be saved",
            directory.path(name));
      }
      return lost;
    }
  }

  /** Drops what was written; the blocks are put back by the settlement that follows. */
  void discard(VolumeDirectory directory) throws IOException {
    layers.locked(
        () -> {
          Recorded session = layers.recorded(directory);
          if (session.session() == Session.NONE) {
            return;
          }
          boolean isStore = session.session() == Session.STORE;
          requireStore(directory, session);
          try (Undo undo = new Undo()) {
            devices.remove(directory, session);
            undo.push(() -> devices.make(directory, session));
            // What was written last, when the device was closed, may have cost it.
            requireStore(directory, session);
            Recorded dropped = session.dropped(isStore ? Pending.PUT_BACK : Pending.NOTHING);
            layers.state().write(directory, dropped, Optional.of(session));
            undo.disarm();
          }
        });
  }

  private void requireStore(VolumeDirectory directory, Recorded session) throws IOException {
    if (session.session() == Session.STORE && isStoreLost(directory)) {
      throw new DriverException(
          Code.IO,
          "the cow store %s is missing or invalid, so the committed content is lost"
              .formatted(directory.path(layers.names().store())),
          "Stop it with COMMIT to keep what the VM has written");
    }
  }

  /** Lets the base grow, and the device that the VM has. */
  void grow(VolumeDirectory directory, long size) throws IOException {
    layers.locked(
        () -> {
          devices.make(directory, layers.recorded(directory));
          try (OpenFile base = directory.openBaseForWriting(Code.IO)) {
            if (base.status().size() != size) {
              DurableFiles.resize(base, size);
            }
            base.sync();
            layers.devices().growOrigin(base, size);
          }
        });
  }
}

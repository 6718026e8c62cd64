package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Form;
import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.driver.file.Recorded.Session;
import io.cistern.linux.Access;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What lies between a volume's base and those who read its committed content: the record, the store
 * and the view through it. The volume itself, the snapshots of it, its exports and its clones come
 * here from different threads; whoever looks at devices or changes them has the lock. No one has
 * two locks.
 */
final class Layers {
  private final FilePool pool;
  private final FileNames names;
  private final Devices devices;
  private final StateFile state = new StateFile();
  private final ReentrantLock lock = new ReentrantLock();

  Layers(FilePool pool, FileNames names, DeviceNames deviceNames) {
    this.pool = pool;
    this.names = names;
    this.devices = new Devices(pool.linux(), pool.mapper(), deviceNames);
  }

  /** Work that gives something. */
  interface Work<T> {
    T run() throws IOException;
  }

  /** Work that gives nothing. */
  interface Step {
    void run() throws IOException;
  }

  FilePool pool() {
    return pool;
  }

  FileNames names() {
    return names;
  }

  Devices devices() {
    return devices;
  }

  StateFile state() {
    return state;
  }

  <T> T locked(Work<T> work) throws IOException {
    lock.lock();
    try {
      return work.run();
    } finally {
      lock.unlock();
    }
  }

  void locked(Step step) throws IOException {
    lock.lock();
    try {
      step.run();
    } finally {
      lock.unlock();
    }
  }

  /** Returns what is recorded of the volume, or what its files tell if nothing is. */
  Recorded recorded(VolumeDirectory directory) throws IOException {
    Optional<Recorded> recorded = state.read(directory);
    return recorded.isPresent() ? recorded.get() : adopted(directory);
  }

  /** A tree that another one made has no records: what lies there was left by its last session. */
  private static Recorded adopted(VolumeDirectory directory) throws IOException {
    Optional<OpenFile> base =
        directory.directory().openFileIfPresent(directory.names().base(), Access.READ);
    if (base.isEmpty()) {
      return Recorded.fresh();
    }
    long size;
    Recorded adopted;
    try (OpenFile image = base.get()) {
      size = image.status().size();
      adopted = Recorded.fresh().as(image.identity());
    }
    Optional<FileStatus> old = directory.file(directory.names().oldStore());
    if (old.isPresent()) {
      adopted =
          adopted.with(
              new KeptRevision(new RevisionId(1), old.get().modified(), size, Form.BLOCKS));
    }
    boolean isRunning = false;
    Optional<OpenFile> present =
        directory.has(directory.names().store())
            ? directory.directory().openFileIfPresent(directory.names().store(), Access.READ)
            : Optional.empty();
    if (present.isPresent()) {
      try (OpenFile store = present.get()) {
        isRunning = new CowStore(store).isUsed();
      }
    }
    return isRunning ? adopted.started(Session.STORE, size) : adopted;
  }

  /** Returns the size of the committed content; empty if there is none. */
  OptionalLong committedSize(VolumeDirectory directory) throws IOException {
    if (!hasContent(directory)) {
      return OptionalLong.empty();
    }
    OptionalLong recorded = recorded(directory).committedSize();
    Optional<FileStatus> base = directory.file(names.base());
    if (recorded.isPresent() || base.isEmpty()) {
      return recorded;
    }
    // A session that has begun meanwhile may have let the base grow.
    OptionalLong since = recorded(directory).committedSize();
    return since.isPresent() ? since : OptionalLong.of(base.get().size());
  }

  /** The next image may become the base between two looks, so the base gets a second one. */
  private boolean hasContent(VolumeDirectory directory) throws IOException {
    return directory.has(names.base())
        || (directory.has(names.next()) && !directory.has(names.tombstone()))
        || directory.has(names.base());
  }

  /**
   * Returns the device that shows the committed content, and goes on doing so whatever is written
   * to the base by its origin's device. Made if it is not there; needs the lock.
   */
  MappedDevice committed(VolumeDirectory directory) throws IOException {
    Recorded recorded = new FollowUp(this).run(directory);
    try (OpenFile base = directory.openBaseForWriting(Code.VOLUME_NOT_FOUND)) {
      long size = recorded.committedSize().orElse(base.status().size());
      if (!recorded.isSeenThroughStore()) {
        Optional<MappedDevice> present = current(directory, base, size);
        if (present.isPresent()) {
          return present.get();
        }
        makeStore(directory, recorded, size);
      }
      try (OpenFile store = directory.openStore(names.store())) {
        return devices.view(base, store, size);
      }
    }
  }

  /**
   * Returns the same device for one who reads from it.
   *
   * @throws DriverException with {@code IO} if the kernel has given up the old blocks
   */
  MappedDevice readable(VolumeDirectory directory) throws IOException {
    MappedDevice committed = committed(directory);
    if (devices.isInvalid(committed.name())) {
      throw new DriverException(
          Code.IO,
          "the cow store %s is invalid, so the committed content is lost"
              .formatted(directory.path(names.store())),
          "Stop the volume with COMMIT to keep what its VM has written");
    }
    return committed;
  }

  /**
   * Tells whether the kernel has given up the old blocks of a session. It writes that into the
   * store, too, unless it can't even do that; then nobody but the device knows.
   */
  boolean isGivenUp(VolumeDirectory directory) throws IOException {
    Optional<FileStatus> base = directory.file(names.base());
    Optional<FileStatus> store = directory.file(names.store());
    if (base.isEmpty() || store.isEmpty()) {
      return false;
    }
    Optional<MappedDevice> view = devices.find(devices.names().view(base.get(), store.get()));
    return view.isPresent() && devices.isInvalid(view.get().name());
  }

  /** Finds the view that is there already, if it still shows the committed content. */
  private Optional<MappedDevice> current(VolumeDirectory directory, OpenFile base, long size)
      throws IOException {
    Optional<FileStatus> store = directory.file(names.store());
    if (store.isEmpty()) {
      return Optional.empty();
    }
    Optional<MappedDevice> view = devices.made(devices.names().view(base.status(), store.get()));
    boolean isUsable =
        view.isPresent()
            && devices.size(view.get().name()) == size
            && !devices.isInvalid(view.get().name());
    return isUsable ? view : Optional.empty();
  }

  /** Whoever still reads through an outdated store goes on doing so; it only loses its name. */
  private void makeStore(VolumeDirectory directory, Recorded recorded, long size)
      throws IOException {
    if (state.read(directory).isEmpty()) {
      // Without a record, a store is taken for that of a session.
      state.writeLazily(directory, recorded);
    }
    directory.remove(names.store());
    directory.remove(names.unfinishedStore());
    CowStore.make(directory.directory(), names.unfinishedStore(), size, pool.isReserved()).close();
    DurableFiles.move(directory.directory(), names.unfinishedStore(), names.store());
  }

  /**
   * Removes the devices that nobody uses, and the store that serves nobody; never those of a
   * session. Needs the lock.
   */
  void release(VolumeDirectory directory) throws IOException {
    Recorded recorded = new FollowUp(this).run(directory);
    Set<String> keep = new SessionDevices(this).names(directory, recorded);
    if (!recorded.session().equals(Session.STORE)) {
      removeOrigin(directory);
    }
    devices.removeUnused(keep);
    if (!recorded.isSeenThroughStore() && directory.has(names.base())) {
      Optional<FileStatus> store = directory.file(names.store());
      Optional<FileStatus> base = directory.file(names.base());
      if (store.isPresent()
          && base.isPresent()
          && devices.find(devices.names().view(base.get(), store.get())).isEmpty()) {
        directory.remove(names.store());
      }
    }
  }

  /** A revert that was cut short has left it. Its name is known only while the base has its own. */
  void removeOrigin(VolumeDirectory directory) throws IOException {
    Optional<FileStatus> base = directory.file(names.base());
    if (base.isPresent()) {
      devices.removeIfUnused(devices.names().origin(base.get()));
    }
  }
}

package io.cistern.driver.file;

import io.cistern.linux.Access;
import io.cistern.linux.DeviceMapper;
import io.cistern.linux.DeviceTarget;
import io.cistern.linux.Errno;
import io.cistern.linux.FileStatus;
import io.cistern.linux.Linux;
import io.cistern.linux.LoopAttachment;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices of one volume. Nothing is remembered: by how many a device is used is the kernel's to
 * count, and what it is made of is in its table. Not thread-safe; {@link Layers} has the lock.
 *
 * <p>All that is made of one base is on one loop device, since that is what device-mapper knows an
 * origin by: a write to it saves the old block in every store on it.
 */
final class Devices {
  private static final Logger log = LoggerFactory.getLogger(Devices.class);
  private static final String LOOP = "7:";

  /** Persistent, so that it is there again after a crash, in chunks of 256 sectors. */
  private static final String PERSISTENT = " P " + CowStore.CHUNK_BYTES / DeviceTarget.SECTOR;

  /** Whoever looks at every device for a moment is gone by then; a VM is not. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** The same of a device that nobody used a moment ago. */
  private static final Duration A_MOMENT = Duration.ofMillis(500);

  private final Linux linux;
  private final DeviceMapper mapper;
  private final DeviceNames names;

  Devices(Linux linux, DeviceMapper mapper, DeviceNames names) {
    this.linux = linux;
    this.mapper = mapper;
    this.names = names;
  }

  DeviceNames names() {
    return names;
  }

  /** Finds a device; one that is being made, or that a dead process has not finished, is none. */
  Optional<MappedDevice> find(String name) throws IOException {
    return mapper.device(name).filter(MappedDevice::active);
  }

  boolean isTaken(String name) throws IOException {
    return mapper.device(name).isPresent();
  }

  /** Finds a device that was made earlier. What a dead process has not finished goes. */
  Optional<MappedDevice> made(String name) throws IOException {
    Optional<MappedDevice> present = mapper.device(name);
    if (present.isPresent() && !present.get().active()) {
      log.warn("{} was left unfinished", present.get().path());
      remove(name);
      return Optional.empty();
    }
    if (present.isPresent()) {
      mapper.makePath(present.get());
    }
    return present;
  }

  /** Finds the device that writes to this store, on whatever committed content. */
  Optional<MappedDevice> findWriting(FileStatus store) throws IOException {
    for (String name : mapper.names()) {
      if (name.startsWith("snapshot-") && name.endsWith(names.endOf(store))) {
        return find(name);
      }
    }
    return Optional.empty();
  }

  /** Returns the size in bytes. */
  long size(String name) throws IOException {
    return sum(mapper.table(name));
  }

  /** Returns the size in bytes of a device that may go at this moment; empty if it is gone. */
  OptionalLong sizeIfPresent(String name) throws IOException {
    List<DeviceTarget> table = mapper.tableIfPresent(name);
    return table.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum(table));
  }

  private static long sum(List<DeviceTarget> table) {
    return table.stream().mapToLong(DeviceTarget::length).sum() * DeviceTarget.SECTOR;
  }

  /** Tells whether the kernel has given up a snapshot, since its store could not be written to. */
  boolean isInvalid(String name) throws IOException {
    return mapper.status(name).stream().anyMatch(target -> target.parameters().equals("Invalid"));
  }

  /** Returns the device that shows the base as it was when the store was empty. */
  MappedDevice view(OpenFile base, OpenFile store, long size) throws IOException {
    String name = names.view(base.status(), store.status());
    Optional<MappedDevice> present = made(name);
    if (present.isPresent()) {
      return present.get();
    }
    try (BaseLoop loop = loopOf(base);
        LoopAttachment storeLoop = linux.loopDevices().attach(store, Access.READ_WRITE)) {
      return create(name, size, "snapshot", loop.number + " " + storeLoop.number() + PERSISTENT);
    }
  }

  /** Returns the device by which the base is written to, and every view of it stays as it is. */
  MappedDevice origin(OpenFile base, long size) throws IOException {
    String name = names.origin(base.status());
    Optional<MappedDevice> present = made(name);
    if (present.isPresent()) {
      return present.get();
    }
    try (BaseLoop loop = loopOf(base)) {
      return create(name, size, "snapshot-origin", loop.number);
    }
  }

  /** Returns the device that shows what is below it, and what was written to the store. */
  MappedDevice on(MappedDevice below, String name, OpenFile store, long size) throws IOException {
    Optional<MappedDevice> present = made(name);
    if (present.isPresent()) {
      return present.get();
    }
    try (LoopAttachment loop = linux.loopDevices().attach(store, Access.READ_WRITE)) {
      return create(name, size, "snapshot", below.number() + " " + loop.number() + PERSISTENT);
    }
  }

  /** Makes a device that shows another one, and can't be written to. */
  MappedDevice readOnly(MappedDevice below, String name, long size) throws IOException {
    List<DeviceTarget> table = List.of(DeviceTarget.whole(size, "linear", below.number() + " 0"));
    return mapper.create(name, names.uuid(name), Access.READ, table);
  }

  /** Gives an origin's device the size that its base has now. */
  void growOrigin(OpenFile base, long size) throws IOException {
    String name = names.origin(base.status());
    refreshLoops(base);
    if (size(name) != size) {
      DeviceTarget before = mapper.table(name).get(0);
      reload(name, List.of(DeviceTarget.whole(size, before.type(), before.parameters())));
      log.info("resized /dev/mapper/{} to {} bytes", name, size);
    }
  }

  /** Gives a snapshot's device another size; what is behind its source's end reads as zeros. */
  void growSnapshot(OpenFile store, long size) throws IOException {
    wakeSnapshot(store.status());
    new GrownSnapshot(mapper, names).grow(store.status(), findWriting(store.status()), size);
  }

  /** Lets loop devices follow the size of their file. */
  void refreshLoops(OpenFile file) throws IOException {
    for (var loop : linux.loopDevices().backedBy(file.status())) {
      linux.loopDevices().refreshCapacity(loop);
    }
  }

  /**
   * Removes a device if it is there.
   *
   * @throws DriverException with {@code VOLUME_IN_USE} if it stays open
   */
  void remove(String name) throws IOException {
    Optional<MappedDevice> present = mapper.device(name);
    if (present.isEmpty()) {
      return;
    }
    try {
      mapper.remove(name, PATIENCE);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.EBUSY)) {
        throw e;
      }
      throw new DriverException(
          Code.VOLUME_IN_USE,
          "%s is still open: %s".formatted(present.get().path(), holders(present.get())),
          "Let the VM end, or close what has it open, then try again",
          e);
    }
  }

  /** Removes a device if it is there and nobody has it open. */
  void removeIfUnused(String name) throws IOException {
    Optional<MappedDevice> device = mapper.device(name);
    if (device.isPresent() && device.get().openCount() == 0) {
      removeUnlessOpen(name);
    }
  }

  /** Tells whether it was removed; somebody may have opened it at this moment, and keep it open. */
  private boolean removeUnlessOpen(String name) throws IOException {
    try {
      mapper.remove(name, A_MOMENT);
      return true;
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EBUSY)) {
        return false;
      }
      throw e;
    }
  }

  /** Tells whether anything shows what the base was. */
  boolean isSeen(OpenFile base) throws IOException {
    String prefix = names.onBase(base.status());
    return mapper.names().stream().anyMatch(name -> name.startsWith(prefix));
  }

  /** Lets a device work that a dead process has left suspended. */
  void wake(MappedDevice device) throws IOException {
    if (device.suspended()) {
      log.warn("{} was left suspended", device.path());
      mapper.resume(device.name());
    }
  }

  /** The same of the device that writes to a store, and of what lets it grow. */
  void wakeSnapshot(FileStatus store) throws IOException {
    Optional<MappedDevice> below = find(names.grown(store));
    if (below.isPresent()) {
      wake(below.get());
    }
    Optional<MappedDevice> device = findWriting(store);
    if (device.isPresent()) {
      wake(device.get());
    }
  }

  /** Removes a device as soon as its readers have closed it. */
  void removeWhenClosed(String name) throws IOException {
    mapper.removeWhenClosed(name);
  }

  /** Removes all devices that nobody uses, but for those to keep; the topmost first. */
  void removeUnused(Set<String> keep) throws IOException {
    List<String> ours = mapper.names().stream().filter(names::isOurs).toList();
    boolean removed = true;
    while (removed) {
      removed = false;
      for (String name : ours) {
        Optional<MappedDevice> device =
            keep.contains(name) ? Optional.empty() : mapper.device(name);
        if (device.isPresent() && device.get().openCount() == 0) {
          removed |= removeUnlessOpen(name);
        }
      }
    }
  }

  /** Names who has a device open. */
  String holders(MappedDevice device) throws IOException {
    List<String> holders = linux.holders().describe(device);
    return holders.isEmpty()
        ? "a process that is not visible from here"
        : String.join(", ", holders);
  }

  private void reload(String name, List<DeviceTarget> table) throws IOException {
    mapper.load(name, Access.READ_WRITE, table);
    mapper.suspend(name);
    mapper.resume(name);
  }

  private MappedDevice create(String name, long size, String type, String parameters)
      throws IOException {
    List<DeviceTarget> table = List.of(DeviceTarget.whole(size, type, parameters));
    return mapper.create(name, names.uuid(name), Access.READ_WRITE, table);
  }

  /** Finds the loop device that others on this base are on, or attaches one. */
  private BaseLoop loopOf(OpenFile base) throws IOException {
    String origin = names.origin(base.status());
    String prefix = names.onBase(base.status());
    for (String name : mapper.names()) {
      if (name.equals(origin) || name.startsWith(prefix)) {
        String first = firstDevice(name);
        if (first.startsWith(LOOP)) {
          // It may have been attached when the base had another size.
          refreshLoops(base);
          return new BaseLoop(first, () -> {});
        }
      }
    }
    LoopAttachment attached = linux.loopDevices().attach(base, Access.READ_WRITE);
    return new BaseLoop(attached.number(), attached::close);
  }

  /** A device that is gone by now has none. */
  private String firstDevice(String name) throws IOException {
    List<DeviceTarget> table = mapper.tableIfPresent(name);
    String parameters = table.isEmpty() ? "" : table.get(0).parameters();
    int end = parameters.indexOf(' ');
    return end < 0 ? parameters : parameters.substring(0, end);
  }

  /** A loop device that is there at least until this is closed. */
  private record BaseLoop(String number, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }
}

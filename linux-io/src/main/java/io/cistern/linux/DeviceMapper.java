package io.cistern.linux;

import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The device-mapper devices of the machine, by the ioctls of {@code linux/dm-ioctl.h} that
 * dmsetup(8) uses too. Needs CAP_SYS_ADMIN.
 *
 * <p>udev is told not to look into a device that is made here and not to name it; its name below
 * {@code /dev/mapper} is made by this class.
 *
 * <p>Safe for use by many threads. Keeps the control node open from the first call on, until it is
 * closed; a call after that opens it anew.
 */
public final class DeviceMapper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DeviceMapper.class);
  private static final Path CONTROL = Path.of("/dev/mapper/control");
  private static final int ANSWER_BYTES = 16 << 10;
  private static final int MAX_ANSWER_BYTES = 64 << 20;
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Requests, by their numbers. */
  private enum Request {
    DM_LIST_DEVICES(2),
    DM_DEV_CREATE(3),
    DM_DEV_REMOVE(4),
    DM_DEV_SUSPEND(6),
    DM_DEV_STATUS(7),
    DM_TABLE_LOAD(9),
    DM_TABLE_STATUS(12),
    DM_TARGET_MSG(14);

    private final int number;

    Request(int number) {
      this.number = number;
    }
  }

  private final Opener opener;
  private final UdevEvents udev;

  /** Guarded by this. */
  private @Nullable Descriptor control;

  DeviceMapper(Kernel kernel, Opener opener) {
    this.opener = opener;
    this.udev = new UdevEvents(kernel);
  }

  /** Returns the names of all devices. */
  public List<String> names() throws SystemCallException {
    return grown("", Request.DM_LIST_DEVICES, 0, MapperCall::names);
  }

  /** Returns a device, empty if there is none of that name. */
  public Optional<MappedDevice> device(String name) throws SystemCallException {
    try (MapperCall call = new MapperCall(name, 0)) {
      run(Request.DM_DEV_STATUS, name, call);
      return Optional.of(call.device());
    } catch (SystemCallException e) {
      if (isAbsent(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns the table that a device works by. */
  public List<DeviceTarget> table(String name) throws SystemCallException {
    return grown(name, Request.DM_TABLE_STATUS, MapperCall.STATUS_TABLE, MapperCall::targets);
  }

  /** Returns what the targets of a device tell about themselves. */
  public List<DeviceTarget> status(String name) throws SystemCallException {
    return grown(name, Request.DM_TABLE_STATUS, 0, MapperCall::targets);
  }

  /** Returns the same of a device that may be gone, or go at this moment; nothing then. */
  public List<DeviceTarget> statusIfPresent(String name) throws SystemCallException {
    return ifPresent(name, 0);
  }

  /** Returns the table of a device that may be gone, or go at this moment; nothing then. */
  public List<DeviceTarget> tableIfPresent(String name) throws SystemCallException {
    return ifPresent(name, MapperCall.STATUS_TABLE);
  }

  private List<DeviceTarget> ifPresent(String name, int flags) throws SystemCallException {
    try {
      return grown(name, Request.DM_TABLE_STATUS, flags, MapperCall::targets);
    } catch (SystemCallException e) {
      if (isAbsent(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * Makes a device and brings it to life; its path is there when this returns.
   *
   * @param uuid its lasting name
   * @param access whether it can be written to
   * @throws SystemCallException with EBUSY if there is one of that name; nothing is left behind
   */
  public MappedDevice create(String name, String uuid, Access access, List<DeviceTarget> table)
      throws IOException {
    try (Undo undo = new Undo()) {
      try (MapperCall call = new MapperCall(name, 0)) {
        run(Request.DM_DEV_CREATE, name + " as " + table, call.uuid(uuid));
      }
      undo.push(() -> removeOnce(name));
      load(name, access, table);
      MappedDevice device = resume(name);
      undo.push(() -> MapperNodes.unlink(name));
      MapperNodes.link(device);
      undo.disarm();
      log.info("created {} as {}", device.path(), table);
      return device;
    }
  }

  /** Makes the path of a device lead to it, if whoever made the device has not come to that. */
  public void makePath(MappedDevice device) throws IOException {
    MapperNodes.link(device);
  }

  /** Gives a device the table that it works by once it is resumed. */
  public void load(String name, Access access, List<DeviceTarget> table)
      throws SystemCallException {
    try (MapperCall call = MapperCall.withTable(name, table)) {
      call.flags(access == Access.READ ? MapperCall.READ_ONLY : 0);
      run(Request.DM_TABLE_LOAD, name + " with " + table, call);
    }
  }

  /** Lets I/O to a device wait; what is under way ends first. A file system on it is not frozen. */
  public void suspend(String name) throws SystemCallException {
    try (MapperCall call = new MapperCall(name, 0)) {
      call.flags(MapperCall.SUSPEND | MapperCall.SKIP_LOCKFS);
      run(Request.DM_DEV_SUSPEND, name, call);
    }
  }

  /** Lets a device work, by the table that was loaded if there is one. */
  public MappedDevice resume(String name) throws SystemCallException {
    try (MapperCall call = new MapperCall(name, 0)) {
      runWithEvent("ioctl(DM_DEV_SUSPEND, 0)", Request.DM_DEV_SUSPEND, name, call);
      return call.device();
    }
  }

  /** Tells the first target of a device something that its kind knows what to do with. */
  public void message(String name, String text) throws SystemCallException {
    try (MapperCall call = MapperCall.withMessage(name, text)) {
      run(Request.DM_TARGET_MSG, name + ": " + text, call);
    }
    log.info("told {}: {}", MapperNodes.path(name), text);
  }

  /**
   * Removes a device, and waits a while for those who have it open for a moment.
   *
   * @param patience how long
   * @throws SystemCallException with EBUSY if it is still open then
   */
  public void remove(String name, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    long pause = FIRST_PAUSE_NANOS;
    while (true) {
      try {
        removeOnce(name);
        break;
      } catch (SystemCallException e) {
        if (!e.errno().equals(Errno.EBUSY) || System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LAST_PAUSE_NANOS);
    }
    MapperNodes.unlink(name);
    log.info("removed {}", MapperNodes.path(name));
  }

  /** Has the kernel remove a device as soon as nobody has it open, which may be at once. */
  public void removeWhenClosed(String name) throws IOException {
    try (MapperCall call = new MapperCall(name, 0)) {
      call.flags(MapperCall.DEFERRED_REMOVE);
      runWithEvent("ioctl(DM_DEV_REMOVE)", Request.DM_DEV_REMOVE, name, call);
    }
    MapperNodes.unlink(name);
    log.info("removed {}, or will when it is closed", MapperNodes.path(name));
  }

  private void removeOnce(String name) throws SystemCallException {
    try (MapperCall call = new MapperCall(name, 0)) {
      runWithEvent("ioctl(DM_DEV_REMOVE)", Request.DM_DEV_REMOVE, name, call);
    } catch (SystemCallException e) {
      if (!isAbsent(e)) {
        throw e;
      }
    }
  }

  private void runWithEvent(String callName, Request request, String arguments, MapperCall call)
      throws SystemCallException {
    int event = udev.begin();
    boolean sent = false;
    try {
      run(callName, request, arguments, call.event(event));
      sent = call.has(MapperCall.UEVENT_GENERATED);
    } finally {
      if (!sent) {
        udev.notSent(event);
      }
    }
  }

  private void run(Request request, String arguments, MapperCall call) throws SystemCallException {
    run("ioctl(" + request + ")", request, arguments, call);
  }

  private void run(String callName, Request request, String arguments, MapperCall call)
      throws SystemCallException {
    long number =
        opener.architecture().ioctlReadWrite(0xfd, request.number, MapperCall.HEADER_BYTES);
    control()
        .call(
            callName,
            arguments,
            fd -> VariadicLibC.INSTANCE.ioctl(fd, new NativeLong(number), call.pointer()));
  }

  private synchronized Descriptor control() throws SystemCallException {
    if (control == null) {
      control = opener.device(CONTROL, Access.READ);
    }
    return control;
  }

  /** Closes the control node, and what was for udev; nothing of the devices changes. */
  @Override
  public synchronized void close() {
    udev.close();
    if (control != null) {
      control.close();
      control = null;
    }
  }

  private interface Answer<T> {
    T read(MapperCall call);
  }

  /** Asks with more and more room, until the answer fits. */
  private <T> T grown(String name, Request request, int flags, Answer<T> answer)
      throws SystemCallException {
    int bytes = ANSWER_BYTES;
    while (true) {
      try (MapperCall call = new MapperCall(name, bytes)) {
        run(request, name, call.flags(flags));
        if (!call.has(MapperCall.BUFFER_FULL) || bytes >= MAX_ANSWER_BYTES) {
          return answer.read(call);
        }
      }
      bytes *= 2;
    }
  }

  private static boolean isAbsent(SystemCallException e) {
    return e.errno().equals(Errno.ENXIO);
  }
}

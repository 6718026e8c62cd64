package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct dm_ioctl} of {@code linux/dm-ioctl.h}, filled in for one request, and what comes
 * back in it. The layout is the same on every architecture.
 */
final class MapperCall implements AutoCloseable {
  static final int READ_ONLY = 1;
  static final int SUSPEND = 1 << 1;
  static final int STATUS_TABLE = 1 << 4;
  static final int ACTIVE_PRESENT = 1 << 5;
  static final int BUFFER_FULL = 1 << 8;
  static final int SKIP_LOCKFS = 1 << 10;
  static final int UEVENT_GENERATED = 1 << 13;
  static final int DEFERRED_REMOVE = 1 << 17;

  /** The whole struct, behind which the data begin. */
  static final int HEADER_BYTES = 312;

  private static final int INTERFACE = 4;
  private static final int TARGET_BYTES = 40;
  private static final int TYPE_BYTES = 16;
  private static final int SECTOR_BYTES = 8;
  private static final int NAME_AT = 48;
  private static final int NAME_BYTES = 128;
  private static final int UUID_AT = 176;
  private static final int UUID_BYTES = 129;

  private final Memory memory;

  MapperCall(String name, int dataBytes) {
    this.memory = new Memory(HEADER_BYTES + (long) dataBytes);
    memory.clear();
    memory.setInt(0, INTERFACE);
    memory.setInt(12, (int) memory.size());
    memory.setInt(16, HEADER_BYTES);
    text(NAME_AT, NAME_BYTES, name);
  }

  /** Makes a request that hands in a table. */
  static MapperCall withTable(String name, List<DeviceTarget> table) {
    int bytes = table.stream().mapToInt(MapperCall::bytes).sum();
    MapperCall call = new MapperCall(name, bytes);
    call.memory.setInt(20, table.size());
    int at = HEADER_BYTES;
    for (DeviceTarget target : table) {
      call.memory.setLong(at, target.start());
      call.memory.setLong(at + 8, target.length());
      call.memory.setInt(at + 20, bytes(target));
      call.text(at + 24, TYPE_BYTES, target.type());
      call.text(at + TARGET_BYTES, bytes(target) - TARGET_BYTES, target.parameters());
      at += bytes(target);
    }
    return call;
  }

  /** Makes a request that tells the target something that is at the device's first sector. */
  static MapperCall withMessage(String name, String message) {
    int bytes = message.getBytes(StandardCharsets.UTF_8).length + 1;
    MapperCall call = new MapperCall(name, SECTOR_BYTES + bytes);
    call.text(HEADER_BYTES + SECTOR_BYTES, bytes, message);
    return call;
  }

  Pointer pointer() {
    return memory;
  }

  MapperCall flags(int flags) {
    memory.setInt(28, flags);
    return this;
  }

  MapperCall event(int event) {
    memory.setInt(32, event);
    return this;
  }

  MapperCall uuid(String uuid) {
    text(UUID_AT, UUID_BYTES, uuid);
    return this;
  }

  boolean has(int flag) {
    return (memory.getInt(28) & flag) != 0;
  }

  /** Reads a device out of the answer. */
  MappedDevice device() {
    long dev = memory.getLong(40);
    // As huge_encode_dev of the kernel has it.
    long major = (dev >> 8) & 0xfff;
    long minor = (dev & 0xff) | ((dev >> 12) & 0xfff00);
    return new MappedDevice(
        memory.getString(NAME_AT, "UTF-8"),
        memory.getString(UUID_AT, "UTF-8"),
        major + ":" + minor,
        memory.getInt(24),
        has(SUSPEND),
        has(ACTIVE_PRESENT));
  }

  /** Reads a table, or the status of one, out of the answer. */
  List<DeviceTarget> targets() {
    List<DeviceTarget> targets = new ArrayList<>();
    int start = memory.getInt(16);
    int at = start;
    for (int left = memory.getInt(20); left > 0; left--) {
      targets.add(
          new DeviceTarget(
              memory.getLong(at),
              memory.getLong(at + 8L),
              memory.getString(at + 24L, "UTF-8"),
              memory.getString(at + (long) TARGET_BYTES, "UTF-8").strip()));
      // Here, other than in a request, it is counted from the first target.
      at = start + memory.getInt(at + 20L);
    }
    return targets;
  }

  /** Reads the names of all devices out of the answer. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    long at = memory.getInt(16);
    if (memory.getLong(at) == 0) {
      return names;
    }
    while (true) {
      names.add(memory.getString(at + 12, "UTF-8"));
      int next = memory.getInt(at + 8);
      if (next == 0) {
        return names;
      }
      at += next;
    }
  }

  /** Each target begins at a multiple of 8, and its parameters end in NUL. */
  private static int bytes(DeviceTarget target) {
    int parameters = target.parameters().getBytes(StandardCharsets.UTF_8).length + 1;
    return TARGET_BYTES + (parameters + 7) / 8 * 8;
  }

  private void text(int at, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= room || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("'" + text + "' has more than " + (room - 1) + " bytes");
    }
    memory.write(at, bytes, 0, bytes.length);
    memory.setByte(at + bytes.length, (byte) 0);
  }

  @Override
  public void close() {
    memory.close();
  }
}

package io.cistern.driver.lvmthin;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A volume group of the simulated LVM. */
final class SimulatedGroup {
  private static final Pattern NAME = Pattern.compile("(?!-)[A-Za-z0-9+_.-]{1,127}");
  private static final Pattern RESERVED =
      Pattern.compile(
          "(snapshot|pvmove).*|.*_(cdata|cmeta|tdata|tmeta|rimage|rmeta|mlog|mimage).*");
  private static final Pattern TAG = Pattern.compile("(?!-)[A-Za-z0-9_+.\\-/=!:&#]{1,1024}");

  final String name;
  final String uuid;
  final long extentSize;
  final List<Path> physicalVolumes = new ArrayList<>();

  /** Those that are not there at the moment. */
  final Set<Path> detached = new HashSet<>();

  private final Path root;
  private final Path directory;
  private final Map<Path, List<String>> unflushed = new TreeMap<>();
  private final Map<String, SimulatedLv> lvs = new LinkedHashMap<>();
  private long sequence = 1;
  private int made;

  SimulatedGroup(String name, long extentSize, Path root) throws IOException {
    this.name = name;
    this.uuid = "uuid-" + root.getFileName() + "-" + name;
    this.extentSize = extentSize;
    this.root = root;
    physicalVolumes.add(Files.createFile(root.resolve("pv-" + name)));
    physicalVolumes.add(Files.createFile(root.resolve("pv-" + name + "-more")));
    this.directory = Files.createDirectories(root.resolve("dev").resolve(name));
    Files.createDirectories(root.resolve("data"));
  }

  /** Makes another device a part of it, as vgextend does. */
  Path extend() throws IOException {
    Path added = Files.createFile(root.resolve("pv-" + name + "-" + physicalVolumes.size()));
    physicalVolumes.add(added);
    changed();
    return added;
  }

  private Path data() {
    return root.resolve("data").resolve(name + "-" + made);
  }

  /** Returns the argument that limits a command to the devices of this group. */
  String devices() {
    return physicalVolumes.stream().map(Path::toString).collect(Collectors.joining(","));
  }

  /** A command has changed the metadata, which are on each of the devices. */
  void wroteMetadata(String command) {
    for (Path physicalVolume : physicalVolumes) {
      unflushed.computeIfAbsent(physicalVolume, path -> new ArrayList<>()).add(command);
    }
  }

  /** What is on a device is durable, if it is one of this group. */
  void flushed(Path physicalVolume) {
    unflushed.remove(physicalVolume);
  }

  /** Returns by device the commands whose changes a power cut could undo. */
  Map<Path, List<String>> unflushed() {
    return Map.copyOf(unflushed);
  }

  long sequence() {
    return sequence;
  }

  void changed() {
    sequence++;
  }

  List<SimulatedLv> all() {
    return new ArrayList<>(lvs.values());
  }

  Optional<SimulatedLv> find(String lv) {
    return Optional.ofNullable(lvs.get(lv));
  }

  SimulatedLv addPool(String lv, long size) {
    return add(lv, "thin-pool", "", size);
  }

  SimulatedLv add(String lv, String type, String pool, long size) {
    checkFree(lv);
    made++;
    long rounded = -Math.floorDiv(-size, extentSize) * extentSize;
    SimulatedLv added = new SimulatedLv(lv, uuid + "-" + made, type, pool, data(), rounded);
    lvs.put(lv, added);
    if (added.isThin()) {
      resizeData(added, rounded);
    }
    changed();
    return added;
  }

  void checkFree(String lv) {
    if (!NAME.matcher(lv).matches() || RESERVED.matcher(lv).matches()) {
      throw new SimulatedFailure(3, "Logical volume name \"%s\" is invalid.".formatted(lv));
    }
    if (DeviceNames.of(name, lv).length() > 127) {
      throw new SimulatedFailure(5, "Name of the device is too long: " + lv);
    }
    if (lvs.containsKey(lv)) {
      throw new SimulatedFailure(
          5, "Logical Volume \"%s\" already exists in volume group \"%s\"".formatted(lv, name));
    }
  }

  /** As LVM, which asks the kernel again to make what may not have been made. */
  void checkCounted() {
    for (SimulatedLv pool : all()) {
      if (pool.isUncounted()) {
        throw new SimulatedFailure(
            5,
            "Thin pool %s (253:2) already contain thin device with device_id %d."
                .formatted(
                    DeviceNames.ofPool(name, pool.name), pool.queued.orElseThrow().deviceId()));
      }
    }
  }

  static void checkTag(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw new SimulatedFailure(3, "Tag %s is invalid.".formatted(tag));
    }
  }

  /** Cuts off or adds zeros, as a thin volume that was discarded beyond its new end before. */
  static void resizeData(SimulatedLv lv, long size) {
    try (RandomAccessFile file = new RandomAccessFile(lv.data.toString(), "rw")) {
      file.setLength(size);
      lv.size = size;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void activate(SimulatedLv lv) {
    if (!lv.active) {
      lv.active = true;
      link(lv);
    }
  }

  void deactivate(SimulatedLv lv) {
    if (lv.holders > 0) {
      throw new SimulatedFailure(5, "Logical volume %s/%s in use.".formatted(name, lv.name));
    }
    if (lv.active) {
      lv.active = false;
      unlink(lv);
    }
  }

  void rename(SimulatedLv lv, String to) {
    checkFree(to);
    lvs.remove(lv.name);
    if (lv.active) {
      unlink(lv);
    }
    for (SimulatedLv each : lvs.values()) {
      if (each.origin.equals(lv.name)) {
        each.origin = to;
      }
    }
    lv.name = to;
    lvs.put(to, lv);
    if (lv.active) {
      link(lv);
    }
    changed();
  }

  /** As {@code lvremove -y}, which takes along what depends on it. */
  void remove(SimulatedLv lv) {
    deactivate(lv);
    for (SimulatedLv each : all()) {
      if (each.origin.equals(lv.name) && each.pool.equals(lv.pool)) {
        each.origin = "";
      } else if (each.origin.equals(lv.name)) {
        remove(each);
      }
    }
    lvs.remove(lv.name);
    try {
      Files.deleteIfExists(lv.data);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    changed();
  }

  private void link(SimulatedLv lv) {
    try {
      Files.createSymbolicLink(directory.resolve(lv.name), lv.data);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void unlink(SimulatedLv lv) {
    try {
      Files.deleteIfExists(directory.resolve(lv.name));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

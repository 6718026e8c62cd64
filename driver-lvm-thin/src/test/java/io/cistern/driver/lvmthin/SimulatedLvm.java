package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandLauncher;
import io.cistern.linux.CommandOutput;
import io.cistern.linux.ExternalCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * LVM 2.03.16 as far as the driver uses it: the same arguments, reports, exit codes and messages.
 * Thin volumes are files in a directory, and their nodes symbolic links there.
 */
final class SimulatedLvm implements CommandLauncher {
  /** Three quarters, in percent. */
  private static final long MOST_METADATA = 75;

  /** Those that suspend the thin pool, before which LVM has what it has written down made. */
  private static final Set<String> CHANGING_POOLS =
      Set.of("lvcreate", "lvrename", "lvremove", "lvresize");

  private final Path root;
  private final Map<String, SimulatedGroup> groups = new LinkedHashMap<>();
  private final List<String> log = new ArrayList<>();

  /** Done at the end of the next command that is no report, by somebody else. */
  private Runnable meanwhile = () -> {};

  /** How much of what was removed had been discarded, in bytes, by name. */
  private final Map<String, Long> discarded = new TreeMap<>();

  SimulatedLvm(Path root) {
    this.root = root;
  }

  synchronized SimulatedGroup addGroup(String name, long extentSize) throws IOException {
    SimulatedGroup group = new SimulatedGroup(name, extentSize, root);
    groups.put(name, group);
    return group;
  }

  synchronized Optional<SimulatedGroup> group(String name) {
    return Optional.ofNullable(groups.get(name));
  }

  Path root() {
    return root;
  }

  /** Returns the commands since the last call, without those of reclaimers, and forgets them. */
  synchronized List<String> takeLog() {
    List<String> taken = List.copyOf(log);
    log.clear();
    return taken;
  }

  /** Has somebody else do something at the end of the next command that is no report. */
  synchronized void meanwhile(Runnable action) {
    meanwhile = action;
  }

  /** Returns how much of what was removed had been discarded, in bytes, by name. */
  synchronized Map<String, Long> discarded() {
    return Map.copyOf(discarded);
  }

  @Override
  public synchronized CommandOutput run(ExternalCommand command, Duration patience)
      throws IOException {
    if (!isInBackground()) {
      log.add(String.join(" ", command.arguments()));
    }
    try {
      Map<SimulatedGroup, Long> before = sequences();
      String out = execute(new SimulatedArguments(command.arguments()));
      if (!isInBackground()) {
        noteChanges(before, String.join(" ", command.arguments()));
      }
      if (!command.arguments().get(0).endsWith("s")) {
        Runnable action = meanwhile;
        meanwhile = () -> {};
        action.run();
      }
      return new CommandOutput(0, out, "");
    } catch (SimulatedFailure e) {
      return new CommandOutput(e.exitCode(), "", "  " + e.getMessage() + "\n");
    }
  }

  private static boolean isInBackground() {
    return Thread.currentThread().getName().startsWith("cistern-reclaim");
  }

  private Map<SimulatedGroup, Long> sequences() {
    return groups.values().stream()
        .collect(Collectors.toMap(group -> group, SimulatedGroup::sequence));
  }

  private static void noteChanges(Map<SimulatedGroup, Long> before, String command) {
    before.forEach(
        (group, sequence) -> {
          if (group.sequence() != sequence) {
            group.wroteMetadata(command);
          }
        });
  }

  /** A device was flushed; what works in the background flushes its own changes alone. */
  synchronized void flushed(Path physicalVolume) {
    if (!isInBackground()) {
      groups.values().forEach(group -> group.flushed(physicalVolume));
    }
  }

  private String execute(SimulatedArguments arguments) throws IOException {
    return switch (arguments.command) {
      case "vgs" -> vgs(existing(arguments.positional.get(0)));
      case "lvs" -> report(arguments);
      case "lvcreate" -> arguments.has("-s") ? snapshot(arguments) : create(arguments);
      case "lvrename" -> rename(arguments);
      case "lvremove" -> remove(arguments);
      case "lvchange" -> change(arguments);
      case "lvresize" -> resize(arguments);
      default ->
          throw new SimulatedFailure(2, "No such command '%s'.".formatted(arguments.command));
    };
  }

  private SimulatedGroup existing(String name) {
    return group(name)
        .orElseThrow(
            () ->
                new SimulatedFailure(
                    5,
                    "Volume group \"%s\" not found\n  Cannot process volume group %s"
                        .formatted(name, name)));
  }

  private SimulatedGroup limited(SimulatedArguments arguments, String full) {
    SimulatedGroup group = existing(SimulatedArguments.vgName(full));
    if (CHANGING_POOLS.contains(arguments.command)) {
      group.checkCounted();
    }
    long missing = missing(arguments, group);
    if (missing == group.physicalVolumes.size()) {
      throw new SimulatedFailure(
          5, "Volume group \"%s\" not found: not limited to its devices".formatted(group.name));
    }
    if (missing > 0 && !arguments.command.equals("lvs")) {
      throw new SimulatedFailure(
          5, "Cannot change VG %s while PVs are missing.".formatted(group.name));
    }
    return group;
  }

  /** How many of a group's devices a command does not see. */
  private static long missing(SimulatedArguments arguments, SimulatedGroup group) {
    List<String> limits = List.of(arguments.value("--devices").split(","));
    return group.physicalVolumes.stream()
        .filter(device -> group.detached.contains(device) || !limits.contains(device.toString()))
        .count();
  }

  private String report(SimulatedArguments arguments) {
    SimulatedGroup group = limited(arguments, arguments.positional.get(0));
    return lvs(group, missing(arguments, group));
  }

  private static String vgs(SimulatedGroup group) {
    String rows =
        group.physicalVolumes.stream()
            .map(
                device -> {
                  boolean missing = group.detached.contains(device);
                  return "{\"vg_uuid\":\"%s\", \"pv_name\":\"%s\", \"pv_uuid\":\"%s\", \"pv_missing\":\"%s\"}"
                      .formatted(
                          group.uuid,
                          missing ? "[unknown]" : device,
                          "uuid-of-" + device.getFileName(),
                          missing ? "missing" : "");
                })
            .collect(Collectors.joining(",\n"));
    return "{\"report\": [{\"vg\": [\n" + rows + "\n]}]}";
  }

  private static String lvs(SimulatedGroup group, long missing) {
    String rows =
        group.all().stream().map(lv -> row(group, lv, missing)).collect(Collectors.joining(",\n"));
    return "{\"report\": [{\"lv\": [\n" + rows + "\n]}]}";
  }

  private static String row(SimulatedGroup group, SimulatedLv lv, long missing) {
    boolean pool = lv.type.equals("thin-pool");
    return "{"
        + List.of(
                field("lv_name", lv.name),
                field("lv_uuid", lv.uuid),
                field("lv_size", lv.size),
                field("lv_tags", String.join(",", lv.tags)),
                field("pool_lv", lv.pool),
                field("origin", group.find(lv.origin).map(found -> found.name).orElse("")),
                field("segtype", lv.type),
                field("lv_metadata_size", pool ? "2097152" : ""),
                field("chunk_size", pool ? lv.chunkSize : 0),
                field("zero", lv.zeroes ? lv.zeroesText : ""),
                field("discards", lv.discards),
                field("vg_uuid", group.uuid),
                field("vg_extent_size", group.extentSize),
                field("vg_missing_pv_count", missing))
            .stream()
            .collect(Collectors.joining(", "))
        + "}";
  }

  private static String field(String name, Object value) {
    return "\"" + name + "\":\"" + value + "\"";
  }

  private String create(SimulatedArguments arguments) {
    SimulatedGroup group = limited(arguments, arguments.value("-T"));
    SimulatedLv pool = found(group, arguments.value("-T"));
    checkRoom(group, pool);
    arguments.all("--addtag").forEach(SimulatedGroup::checkTag);
    SimulatedLv made = group.add(arguments.value("-n"), "thin", pool.name, arguments.bytes("-V"));
    made.tags.addAll(arguments.all("--addtag"));
    group.activate(made);
    return "  Logical volume \"%s\" created.\n".formatted(made.name);
  }

  /** As pool_below_threshold() of LVM has it, for metadata of 16 MiB at most. */
  private static void checkRoom(SimulatedGroup group, SimulatedLv pool) {
    if (pool.filled >= 100 || pool.filledWithMetadata > MOST_METADATA) {
      throw new SimulatedFailure(
          5,
          "Cannot create new thin volume, free space in thin pool %s/%s reached threshold."
              .formatted(group.name, pool.name));
    }
  }

  private String snapshot(SimulatedArguments arguments) throws IOException {
    String full = arguments.positional.get(0);
    SimulatedGroup group = limited(arguments, full);
    String originName = SimulatedArguments.lvName(full);
    SimulatedLv origin =
        group
            .find(originName)
            .orElseThrow(
                () ->
                    new SimulatedFailure(
                        5,
                        "Snapshot origin LV %s not found in Volume group %s."
                            .formatted(originName, group.name)));
    checkRoom(group, group.find(origin.pool).orElseThrow());
    arguments.all("--addtag").forEach(SimulatedGroup::checkTag);
    SimulatedLv made = group.add(arguments.value("-n"), "thin", origin.pool, origin.size);
    made.origin = origin.name;
    Files.copy(origin.data, made.data, StandardCopyOption.REPLACE_EXISTING);
    made.tags.addAll(arguments.all("--addtag"));
    made.writable = !arguments.has("-pr");
    made.skipsActivation = !arguments.has("-kn");
    if (arguments.has("-ay") && !made.skipsActivation) {
      group.activate(made);
    }
    return "  Logical volume \"%s\" created.\n".formatted(made.name);
  }

  private String rename(SimulatedArguments arguments) {
    SimulatedGroup group = limited(arguments, arguments.positional.get(0));
    String from = arguments.positional.get(1);
    SimulatedLv lv =
        group
            .find(from)
            .orElseThrow(
                () ->
                    new SimulatedFailure(
                        5,
                        "Existing logical volume \"%s\" not found in volume group \"%s\""
                            .formatted(from, group.name)));
    group.rename(lv, arguments.positional.get(2));
    return "";
  }

  private String remove(SimulatedArguments arguments) {
    StringBuilder failures = new StringBuilder();
    for (String full : arguments.positional) {
      SimulatedGroup group = limited(arguments, full);
      try {
        SimulatedLv lv = found(group, full);
        SimulatedLv pool = group.find(lv.pool).orElse(lv);
        group.remove(lv);
        if (pool.isReadOnly || pool.isBroken) {
          // As the real one: it is gone from LVM's metadata by then.
          throw new SimulatedFailure(5, "Failed to update pool %s.".formatted(pool.name));
        }
        discarded.merge(lv.name, lv.discarded, Long::sum);
      } catch (SimulatedFailure e) {
        failures.append(failures.isEmpty() ? "" : "\n  ").append(e.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new SimulatedFailure(5, failures.toString());
    }
    return "";
  }

  private String change(SimulatedArguments arguments) {
    for (String full : arguments.positional) {
      SimulatedGroup group = limited(arguments, full);
      SimulatedLv lv = found(group, full);
      if (arguments.has("-ay") && lv.isBroken) {
        throw new SimulatedFailure(5, "Check of pool %s failed.".formatted(full));
      }
      if (arguments.has("-an")) {
        group.deactivate(lv);
      } else if (arguments.has("-ay") && (arguments.has("-K") || !lv.skipsActivation)) {
        group.activate(lv);
      }
      arguments.all("--addtag").forEach(SimulatedGroup::checkTag);
      boolean changed = lv.tags.addAll(arguments.all("--addtag"));
      changed |= lv.tags.removeAll(arguments.all("--deltag"));
      if (changed) {
        group.changed();
      }
    }
    return "";
  }

  private String resize(SimulatedArguments arguments) {
    String full = arguments.positional.get(0);
    SimulatedGroup group = limited(arguments, full);
    SimulatedLv lv = found(group, full);
    long size = arguments.bytes("-L");
    if (size == lv.size) {
      throw new SimulatedFailure(5, "New size matches existing size.");
    }
    SimulatedGroup.resizeData(lv, size);
    group.changed();
    return "";
  }

  private static SimulatedLv found(SimulatedGroup group, String full) {
    return group
        .find(SimulatedArguments.lvName(full))
        .orElseThrow(
            () -> new SimulatedFailure(5, "Failed to find logical volume \"%s\"".formatted(full)));
  }
}

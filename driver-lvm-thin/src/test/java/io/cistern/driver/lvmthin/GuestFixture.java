package io.cistern.driver.lvmthin;

import com.google.common.hash.Hashing;
import io.cistern.directory.testing.MappedDevices;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.PowerSupply;
import io.cistern.testkit.WriteLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Real thin pools, which are there once for all tests, what a test leaves being removed after it;
 * or those of a group of their own, whose power can fail. The metadata stamp saves most of the
 * reports, each of which takes half a second here.
 */
final class GuestFixture extends ThinPoolsFixture {
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Set<String> READABLE = Set.of("thin", "linear");

  /** Many times what a command takes here; one that hangs is waited for so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Map<String, String> planted = new TreeMap<>();
  private final Map<String, String> stamps = new HashMap<>();
  private final Map<String, List<Map<String, String>>> reports = new HashMap<>();
  private final Optional<OwnGroup> own;
  private final Optional<HangingProgram> program;
  private final int stepsToTry;
  private Optional<Path> mounted = Optional.empty();

  /** Takes two of the pools, {@code group/pool}. */
  GuestFixture(String first, String second) {
    this(first, second, Optional.empty());
  }

  private GuestFixture(String first, String second, Optional<HangingProgram> program) {
    super(first, second, IDLE);
    GuestGroups.make();
    this.own = Optional.empty();
    this.program = program;
    this.stepsToTry = Boolean.getBoolean("cistern.test.udev") ? 1 : 2;
  }

  private GuestFixture(OwnGroup group, int stepsToTry) {
    super(OwnGroup.NAME + "/" + OwnGroup.POOL, OwnGroup.NAME + "/" + OwnGroup.OTHER, IDLE);
    this.own = Optional.of(group);
    this.program = Optional.empty();
    this.stepsToTry = stepsToTry;
  }

  /** Takes two of the pools, and a program that can hang. */
  static GuestFixture withHangingProgram(String first, String second) throws IOException {
    return new GuestFixture(first, second, Optional.of(HangingProgram.of(Machine.real().lvm())));
  }

  /** Makes pools of their own, whose power can be cut. */
  static GuestFixture withPower() throws IOException {
    return new GuestFixture(PoweredGroup.make(), 2);
  }

  /** Makes pools of their own, on a disk that may lose what it has not flushed. */
  static GuestFixture withWriteLog() throws IOException {
    return new GuestFixture(LoggedGroup.make(), 4);
  }

  /** Makes them in a pool that can be filled with metadata, too. */
  static GuestFixture withMeteredPool() throws IOException {
    MeteredPool.make();
    return new GuestFixture(
        GuestGroups.ONE + "/" + MeteredPool.NAME, GuestGroups.ONE + "/" + GuestGroups.OTHER);
  }

  /** What fills a pool, and a file system that lies in one. */
  private static boolean isOwn(String name) {
    return name.startsWith("filler") || name.equals("nested");
  }

  private Path device(String group) {
    return own.map(OwnGroup::device).orElseGet(() -> GuestGroups.device(group));
  }

  /** Returns one row for each logical volume of a group. */
  List<Map<String, String>> rows(String group) {
    Optional<String> stamp = GroupMetadata.stamp(List.of(device(group)));
    if (stamp.isEmpty() || !stamp.get().equals(stamps.get(group))) {
      reports.put(group, GuestGroups.rows(group, device(group)));
      stamps.put(group, stamp.orElse(""));
    }
    return reports.getOrDefault(group, List.of());
  }

  @Override
  public List<PoolDriver> drivers() {
    Machine real = Machine.real();
    return List.of(
        new LvmThinDriver(
            new Machine(
                program.map(HangingProgram::path).orElse(real.lvm()),
                real.launcher(),
                real.devices(),
                real.lockDirectory(),
                program.isPresent() ? PATIENCE : real.patience(),
                this::watch)));
  }

  @Override
  public Optional<PoolConfig> absentConfig() {
    return Optional.of(config("absent", "nosuchgroup", firstPool));
  }

  /** A directory on a file system on a logical volume of the first pool. */
  @Override
  public Optional<PoolConfig> nestedConfig() {
    GuestGroups.lvm(
        "lvcreate", "-y", "-V", "32m", "-T", firstGroup + "/" + firstPool, "-n", "nested");
    try {
      Path mount = Files.createTempDirectory("nested");
      GuestGroups.run(Path.of("/usr/sbin/mkfs.ext4"), "-q", "/dev/" + firstGroup + "/nested");
      GuestGroups.run(
          Path.of("/usr/bin/mount"), "/dev/" + firstGroup + "/nested", mount.toString());
      mounted = Optional.of(mount);
      return Optional.of(
          PoolConfig.builder("nested", "file-reflink")
              .set("dir_path", mount.resolve("pool").toString())
              .set("setup_check", "no")
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> malformedParameters() {
    return Map.of("volume_group", "-bad", "thin_pool", "a/b", "reserve", "200:1");
  }

  @Override
  public long granule() {
    return GuestGroups.EXTENT;
  }

  /** Each command takes half a second and more in an emulated machine. */
  @Override
  public int stepsToTry() {
    return Boolean.getBoolean("cistern.test.thorough") ? Integer.MAX_VALUE : stepsToTry;
  }

  /** Tells whether the suites of section 10 of the contract have the time for an operation. */
  static boolean isTried(String operation) {
    return Boolean.getBoolean("cistern.test.thorough") || operation.equals("stop of origin");
  }

  /** Everything takes long in an emulated machine, most of all if others work beside it. */
  @Override
  public Duration patience() {
    return Duration.ofMinutes(5);
  }

  @Override
  public Set<String> objects() {
    awaitIdle();
    Set<String> names = new TreeSet<>();
    for (String group : groups()) {
      for (Map<String, String> row : rows(group)) {
        String name = row.getOrDefault("lv_name", "");
        if (!isOwn(name)) {
          names.add(group + "/" + name);
        }
      }
    }
    return names;
  }

  /** Content is compared where there is a device to read it from. */
  @Override
  public Map<String, String> snapshot() {
    awaitIdle();
    Map<String, String> all = new TreeMap<>();
    for (String group : groups()) {
      for (Map<String, String> row : rows(group)) {
        String name = row.getOrDefault("lv_name", "");
        if (!isOwn(name)) {
          all.put(group + "/" + name, fingerprint(group, row));
        }
      }
    }
    return all;
  }

  /** Opens no device: a command that still runs might want to remove it. */
  @Override
  public Optional<Map<String, String>> remains() throws IOException {
    Map<String, String> all = new TreeMap<>();
    for (String group : groups()) {
      all.put(group, GroupMetadata.stamp(List.of(device(group))) + " " + rows(group));
    }
    return Optional.of(MappedDevices.addTo(all));
  }

  /** Returns what a logical volume is, and what is in it. */
  static String fingerprint(String group, Map<String, String> row) {
    Path device = Path.of("/dev", group, row.get("lv_name"));
    String content = "";
    if (READABLE.contains(row.getOrDefault("segtype", "")) && Files.exists(device)) {
      try {
        content = Hashing.sha256().hashBytes(Files.readAllBytes(device)).toString();
      } catch (IOException e) {
        content = "unreadable";
      }
    }
    return row.get("lv_size") + " " + row.get("lv_tags") + " " + row.get("pool_lv") + content;
  }

  /** LVM would activate them at the next boot, unless it is told not to, as many are. */
  @Override
  public void removeDevices() {
    List<String> arguments =
        new ArrayList<>(List.of("lvchange", "-an", "--devices", device(firstGroup).toString()));
    for (Map<String, String> row : rows(firstGroup)) {
      String name = row.getOrDefault("lv_name", "");
      if (firstPool.equals(row.get("pool_lv")) && !isOwn(name)) {
        arguments.add(firstGroup + "/" + name);
      }
    }
    GuestGroups.lvm(arguments.toArray(String[]::new));
  }

  @Override
  public void plantForeign(String vid) {
    String base = names(vid).content();
    for (String suffix : List.of("-snap", "-7-back", "-mine-back")) {
      plant(firstGroup, base + suffix, firstPool);
    }
    if (!objects().contains(firstGroup + "/" + base)) {
      plant(firstGroup, base, firstPool);
    }
    plant(secondGroup, base + "-9-back", secondPool);
  }

  private void plant(String group, String name, String pool) {
    GuestGroups.lvm(
        "lvcreate",
        "-y",
        "-Wn",
        "-V",
        "65536b",
        "-T",
        group + "/" + pool,
        "-n",
        name,
        "--addtag",
        "mine");
    planted.put(group + "/" + name, "");
    planted.putAll(plantedNow());
  }

  private Map<String, String> plantedNow() {
    Map<String, String> now = snapshot();
    now.keySet().retainAll(planted.keySet());
    return now;
  }

  @Override
  public boolean isForeignIntact() {
    return plantedNow().equals(planted);
  }

  @Override
  void remove(String name) {
    GuestGroups.lvm("lvremove", "-y", firstGroup + "/" + name);
  }

  @Override
  public Optional<Truncation> truncation() {
    return Optional.of(
        (vid, size) ->
            GuestGroups.lvm(
                "lvresize", "-y", "-f", "-L", size + "b", firstGroup + "/" + names(vid).content()));
  }

  @Override
  public Optional<Discard> discard() {
    return Optional.of(
        (device, offset, length) ->
            GuestGroups.run(
                Path.of("/usr/sbin/blkdiscard"),
                "-o",
                Long.toString(offset),
                "-l",
                Long.toString(length),
                device.toString()));
  }

  /** Writes as much as there is room for, and not a block more: that would wait for a minute. */
  @Override
  public Optional<Filling> filling() {
    return Optional.of(() -> new FilledPool(firstGroup, firstPool));
  }

  @Override
  public Optional<Filling> metadataFilling() {
    return firstPool.equals(MeteredPool.NAME) ? Optional.of(MeteredPool::fill) : Optional.empty();
  }

  @Override
  public Optional<Clutter> clutter() {
    return Optional.of(new GuestClutter(this));
  }

  @Override
  public Optional<Hanging> hanging() {
    return program.map(it -> it);
  }

  @Override
  public Optional<PowerSupply> power() {
    return own.filter(PowerSupply.class::isInstance).map(PowerSupply.class::cast);
  }

  @Override
  public Optional<WriteLog> writeLog() {
    return own.filter(WriteLog.class::isInstance).map(WriteLog.class::cast);
  }

  @Override
  public void close() throws IOException {
    if (program.isPresent()) {
      program.get().remove();
    }
    if (own.isPresent()) {
      own.get().close();
      return;
    }
    if (mounted.isPresent()) {
      GuestGroups.run(Path.of("/usr/bin/umount"), mounted.get().toString());
    }
    for (String group : groups()) {
      List<String> left = new ArrayList<>();
      for (Map<String, String> row : rows(group)) {
        String full = group + "/" + row.get("lv_name");
        if (full.startsWith(MeteredPool.FILLED_FOR_GOOD)) {
          continue;
        }
        if ("thin".equals(row.get("segtype"))) {
          left.add(full);
        } else if (row.getOrDefault("lv_tags", "").contains(LvTags.POOL)) {
          GuestGroups.lvm("lvchange", "--deltag", LvTags.POOL, full);
        }
      }
      if (!left.isEmpty()) {
        left.addAll(0, List.of("lvremove", "-y", "-ff"));
        GuestGroups.lvm(left.toArray(String[]::new));
      }
    }
  }
}

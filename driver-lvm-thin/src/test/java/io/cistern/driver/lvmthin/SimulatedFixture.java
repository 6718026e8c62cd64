package io.cistern.driver.lvmthin;

import com.google.common.hash.Hashing;
import io.cistern.linux.CommandLauncher;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Two thin pools of the simulated LVM. */
class SimulatedFixture extends ThinPoolsFixture {
  static final long EXTENT = 65536;
  private static final Duration IDLE = Duration.ofSeconds(20);

  private final Path root;
  private final SimulatedLvm lvm;
  private final HangingLauncher launcher;
  private volatile UnaryOperator<CommandLauncher> around = UnaryOperator.identity();
  private final Set<String> contained = ConcurrentHashMap.newKeySet();
  private final Map<SimulatedLv, String> planted = new ConcurrentHashMap<>();

  /** Makes pools of these names, {@code vg/pool}. */
  SimulatedFixture(String first, String second) {
    super(first, second, IDLE);
    try {
      this.root = Files.createTempDirectory("lvm");
      Files.createDirectory(root.resolve("lock"));
      this.lvm = new SimulatedLvm(root);
      this.launcher = new HangingLauncher(lvm, root.resolve("hangs"));
      for (String name : List.of(firstGroup, secondGroup)) {
        if (lvm.group(name).isEmpty()) {
          lvm.addGroup(name, EXTENT).add("root", "linear", "", 1 << 20);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    group().addPool(firstPool, 256 << 20);
    lvm.group(secondGroup).orElseThrow().addPool(secondPool, 256 << 20);
  }

  SimulatedLvm lvm() {
    return lvm;
  }

  SimulatedGroup group() {
    return lvm.group(firstGroup).orElseThrow();
  }

  SimulatedLv thinPool() {
    return group().find(firstPool).orElseThrow();
  }

  /** Adds what was given up of a volume, and not removed. */
  SimulatedLv addGivenUp(String base) {
    SimulatedLv left = group().add("vm-" + base + "-dropped-abc", "thin", firstPool, EXTENT);
    left.tags.addAll(LvTags.fresh(base).texts());
    return left;
  }

  /** Puts something around what runs the commands, from now on. */
  void around(UnaryOperator<CommandLauncher> value) {
    around = value;
  }

  Machine machine() {
    return new Machine(
        Path.of("/usr/sbin/lvm"),
        (command, patience) -> around.apply(launcher).run(command, patience),
        (linux, volumeGroup) -> new SimulatedDevices(lvm, linux, volumeGroup, contained),
        root.resolve("lock"),
        Duration.ofSeconds(30),
        this::watch);
  }

  @Override
  public List<PoolDriver> drivers() {
    return List.of(new LvmThinDriver(machine()));
  }

  @Override
  public Optional<PoolConfig> absentConfig() {
    return Optional.of(config("absent", "no-such-group", firstPool));
  }

  /** A directory whose file system is said to be on the first pool, if it has a device at all. */
  @Override
  public Optional<PoolConfig> nestedConfig() {
    try {
      Path directory = Files.createDirectories(root.resolve("nested"));
      long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
      long major = (device >>> 8) & 0xfff;
      if (major == 0) {
        return Optional.empty();
      }
      contained.add("%s/%s %d:%d".formatted(firstGroup, firstPool, major, device & 0xff));
      return Optional.of(
          PoolConfig.builder("nested", "file-reflink")
              .set("dir_path", directory.resolve("pool").toString())
              .set("setup_check", "no")
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> malformedParameters() {
    return Map.of(
        "volume_group", "-bad",
        "thin_pool", "a/b",
        "revisions_to_keep", "many",
        "reserve", "200:1",
        "allow_unzeroed", "perhaps");
  }

  @Override
  public long granule() {
    return EXTENT;
  }

  @Override
  public void removeDevices() {
    synchronized (lvm) {
      for (SimulatedLv lv : group().all()) {
        if (lv.pool.equals(firstPool)) {
          group().deactivate(lv);
        }
      }
    }
  }

  @Override
  public Set<String> objects() {
    return snapshot().keySet();
  }

  /** What goes by itself is waited for. */
  @Override
  public Map<String, String> snapshot() {
    awaitIdle();
    Map<String, String> all = new TreeMap<>();
    synchronized (lvm) {
      for (String name : groups()) {
        for (SimulatedLv lv : lvm.group(name).orElseThrow().all()) {
          all.put(name + "/" + lv.name, fingerprint(lv));
        }
      }
    }
    return all;
  }

  private static String fingerprint(SimulatedLv lv) {
    try {
      String hash =
          lv.isThin()
              ? com.google.common.io.Files.asByteSource(lv.data.toFile())
                  .hash(Hashing.sha256())
                  .toString()
              : "";
      return lv.type + " " + lv.size + " " + lv.tags + " " + hash;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void plantForeign(String vid) {
    String base = names(vid).content();
    for (String suffix :
        List.of(
            "-snap",
            "-import",
            "-next",
            "-7-back",
            "-mine-back",
            "-x-back",
            "-export-5",
            "-export-x",
            "-removed-abc",
            "-notes",
            "2")) {
      plant(group(), base + suffix, firstPool);
    }
    if (group().find(base).isEmpty()) {
      plant(group(), base, firstPool);
    }
    plant(group(), base + "-8-back", "");
    SimulatedGroup other = lvm.group(secondGroup).orElseThrow();
    plant(other, base + "-9-back", secondPool);
  }

  private void plant(SimulatedGroup group, String name, String pool) {
    if (group.find(name).isPresent()) {
      return;
    }
    SimulatedLv lv = group.add(name, pool.isEmpty() ? "linear" : "thin", pool, EXTENT);
    lv.tags.add("mine");
    planted.put(lv, lv.name + " " + fingerprint(lv));
  }

  @Override
  public boolean isForeignIntact() {
    return planted.entrySet().stream()
        .allMatch(
            each -> {
              SimulatedLv lv = each.getKey();
              boolean there =
                  Stream.of(firstGroup, secondGroup)
                      .map(name -> lvm.group(name).orElseThrow())
                      .anyMatch(group -> group.find(lv.name).filter(lv::equals).isPresent());
              return there && (lv.name + " " + fingerprint(lv)).equals(each.getValue());
            });
  }

  @Override
  void remove(String name) {
    synchronized (lvm) {
      group().remove(group().find(name).orElseThrow());
    }
  }

  @Override
  public AutoCloseable hold(Path device) throws IOException {
    Path data = device.toRealPath();
    List<SimulatedLv> held = new ArrayList<>();
    synchronized (lvm) {
      Stream.of(firstGroup, secondGroup)
          .distinct()
          .flatMap(name -> lvm.group(name).orElseThrow().all().stream())
          .filter(lv -> lv.data.equals(data))
          .forEach(held::add);
      held.forEach(lv -> lv.holders++);
    }
    FileChannel channel = FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return () -> {
      channel.close();
      synchronized (lvm) {
        held.forEach(lv -> lv.holders--);
        held.clear();
      }
    };
  }

  @Override
  public Optional<Truncation> truncation() {
    return Optional.of(
        (vid, size) -> {
          synchronized (lvm) {
            String name = names(vid).content();
            SimulatedGroup.resizeData(group().find(name).orElseThrow(), size);
            group().changed();
          }
        });
  }

  @Override
  public Optional<Discard> discard() {
    return Optional.of(
        (device, offset, length) -> write(device, offset, new byte[Math.toIntExact(length)]));
  }

  @Override
  public Optional<Filling> filling() {
    return Optional.of(
        () -> {
          thinPool().filled = 100;
          return () -> thinPool().filled = 0;
        });
  }

  /** LVM makes nothing more in a pool as full as that, and the kernel still takes changes. */
  @Override
  public Optional<Filling> metadataFilling() {
    return Optional.of(
        () -> {
          long before = thinPool().filledWithMetadata;
          thinPool().filledWithMetadata = 95;
          return () -> thinPool().filledWithMetadata = before;
        });
  }

  @Override
  public Optional<Hanging> hanging() {
    return Optional.of(launcher);
  }

  @Override
  public Optional<Clutter> clutter() {
    return Optional.of(
        new SimulatedClutter(lvm, firstGroup, firstPool, SimulatedFixture::fingerprint));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

package io.cistern.testkit.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.StepProbe;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A disk in the heap with directories for the pools of one test. */
class MemoryFixture implements PoolFixture {
  private static final AtomicInteger DISKS = new AtomicInteger();

  private final String name = "disk" + DISKS.incrementAndGet();
  private final MemoryDisk disk = MemoryDisk.named(name);
  private final Path place = disk.root().resolve("pool");
  private final Map<Path, String> foreign = new HashMap<>();

  MemoryFixture() throws IOException {
    Files.createDirectories(place.resolve("inner"));
    Files.createDirectories(disk.root().resolve("pool2"));
  }

  @Override
  public PoolConfig config() {
    return config("memory", "pool");
  }

  @Override
  public PoolConfig secondConfig() {
    return config("memory2", "pool2");
  }

  @Override
  public Optional<PoolConfig> aliasConfig(String pool) {
    return Optional.of(config(pool, "pool2/../pool"));
  }

  @Override
  public Optional<PoolConfig> absentConfig() {
    return Optional.of(config("absent", "absent"));
  }

  @Override
  public Optional<PoolConfig> nestedConfig() {
    return Optional.of(config("nested", "pool/inner"));
  }

  @Override
  public Map<String, String> malformedParameters() {
    return Map.of("place", "neither/disk nor directory", "revisions_to_keep", "many");
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.INSTANT_CLONE, Capability.DISCARD));
  }

  @Override
  public long granule() {
    return 512;
  }

  @Override
  public Set<String> objects() {
    return snapshot().keySet();
  }

  @Override
  public Map<String, String> snapshot() {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(disk.root())) {
      for (Path path : paths.filter(each -> each.getNameCount() > 1).toList()) {
        all.put(path.toString(), fingerprint(path));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return all;
  }

  @Override
  public void plantForeign(String vid) throws IOException {
    Path volumes = Files.createDirectories(place.resolve("volumes"));
    Path own = Files.createDirectories(directory(vid));
    for (int number = 2; number < 9; number += 2) {
      plant(own.resolve(number + ".img"));
    }
    plant(own.resolve("catalog~"));
    plant(Files.createDirectories(own.resolve("99.img")).resolve("catalog"));
    plant(volumes.resolve("lost.img"));
    plant(volumes.resolve("%zz"));
    plant(Files.createDirectories(volumes.resolve("-dash")).resolve("catalog"));
    plant(Files.createDirectories(volumes.resolve("a b")).resolve("1.img"));
  }

  @Override
  public boolean isForeignIntact() {
    try {
      for (Map.Entry<Path, String> planted : foreign.entrySet()) {
        if (!fingerprint(planted.getKey()).equals(planted.getValue())) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void breakImage(String vid) throws IOException {
    VolumeImages images = images(vid);
    Files.delete(images.path(images.catalog().content().orElseThrow()));
  }

  @Override
  public void breakSession(String vid) throws IOException {
    VolumeImages images = images(vid);
    Files.delete(images.path(images.session().orElseThrow()));
  }

  @Override
  public AutoCloseable hold(Path device) {
    return disk.hold(device, "the test's VM");
  }

  @Override
  public Optional<Truncation> truncation() {
    return Optional.of(
        (vid, size) -> {
          VolumeImages images = images(vid);
          files().resize(images.path(images.catalog().content().orElseThrow()), size);
        });
  }

  @Override
  public Optional<Filling> filling() {
    return Optional.of(
        () -> {
          Path filler = disk.root().resolve("filler");
          for (int chunk = 1 << 20; chunk > 0; chunk /= 2) {
            appendWhilePossible(filler, new byte[chunk]);
          }
          return () -> Files.delete(filler);
        });
  }

  @Override
  public Optional<Clutter> clutter() {
    return Optional.of(new MemoryClutter(this::directory));
  }

  @Override
  public void close() {
    MemoryDisk.scrap(name);
  }

  final PoolConfig config(String pool, String directory) {
    return PoolConfig.builder(pool, "memory").set("place", name + "/" + directory).build();
  }

  private static MemoryFiles files() {
    return new MemoryFiles("the operator", StepProbe.NONE);
  }

  private Path directory(String vid) {
    return place.resolve("volumes").resolve(URLEncoder.encode(vid, UTF_8));
  }

  private VolumeImages images(String vid) {
    return new VolumeImages(directory(vid), files(), disk);
  }

  private void plant(Path file) throws IOException {
    if (Files.notExists(file)) {
      Files.writeString(file, "a stranger's " + file);
      foreign.put(file, fingerprint(file));
    }
  }

  private static void appendWhilePossible(Path file, byte[] chunk) {
    try {
      while (true) {
        Files.write(file, chunk, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    } catch (IOException e) {
      // There is no room for another one.
    }
  }

  private static String fingerprint(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return "directory";
    }
    byte[] bytes = Files.readAllBytes(path);
    return "file of " + bytes.length + " bytes, " + Arrays.hashCode(bytes);
  }
}

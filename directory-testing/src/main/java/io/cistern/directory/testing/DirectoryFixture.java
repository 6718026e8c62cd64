package io.cistern.directory.testing;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cistern.linux.Linux;
import io.cistern.storage.PoolConfig;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerSupply;
import io.cistern.testkit.WriteLog;
import io.cistern.testkit.disk.Command;
import io.cistern.testkit.disk.DiskFileSystem;
import io.cistern.testkit.disk.FullFileSystem;
import io.cistern.testkit.disk.LoopDevice;
import io.cistern.testkit.disk.StackedDevices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Pools in fresh directories of a file system; what a driver's files are is left to it. */
public abstract class DirectoryFixture implements PoolFixture {
  private static final String CONTENT = "not Cistern's";

  /** After it, what changes gets another time than what has changed, on any kernel. */
  private static final Duration LONGEST_TICK = Duration.ofMillis(11);

  static {
    // The first native call opens a file that stays open; it is nobody's leak.
    Linux.unavailable();
  }

  private final Path mount;
  private final Optional<DiskFileSystem> own;
  private final Path base;
  private final Map<Path, String> planted = new TreeMap<>();

  /** Makes the directory that all is in. */
  protected DirectoryFixture(FileSystemUnderTest fileSystem) {
    this(fileSystem.directory(), Optional.empty());
  }

  /** Makes the directory that all is in, which survives a power cut; closes the file system. */
  protected DirectoryFixture(DiskFileSystem fileSystem) throws IOException {
    this(fileSystem.directory(), Optional.of(fileSystem));
    fileSystem.sync();
  }

  private DirectoryFixture(Path mount, Optional<DiskFileSystem> own) {
    this.mount = mount;
    this.own = own;
    try {
      this.base = Files.createTempDirectory(mount, "conformance");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public PoolConfig config() {
    return config("pool", first());
  }

  @Override
  public PoolConfig secondConfig() {
    return config("pool2", base.resolve("pool2"));
  }

  @Override
  public Optional<PoolConfig> aliasConfig(String name) {
    Path alias = base.resolve("alias");
    try {
      if (!Files.isSymbolicLink(alias)) {
        Files.createSymbolicLink(alias, base);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(config(name, alias.resolve("pool")));
  }

  @Override
  public Optional<PoolConfig> absentConfig() {
    return Optional.of(config("absent", base.resolve("not-mounted/pool")));
  }

  @Override
  public Optional<PoolConfig> nestedConfig() {
    return Optional.of(config("nested", first().resolve("vm/nested")));
  }

  @Override
  public long granule() {
    return 512;
  }

  @Override
  public Set<String> objects() {
    return new TreeSet<>(snapshot().keySet());
  }

  @Override
  public boolean isPlace(String object) {
    return first().equals(base.resolve(object));
  }

  @Override
  public Map<String, String> snapshot() {
    Map<String, String> result = new TreeMap<>();
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.toList()) {
        if (!file.equals(base) && !file.equals(base.resolve("alias"))) {
          result.put(base.relativize(file).toString(), Fingerprint.of(file));
        }
      }
      LoopDevice.backedBelow(base).forEach(loop -> result.put(loop, "loop device"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  /** Opens no file: the process that stands still may have a lease on it. */
  @Override
  public Optional<Map<String, String>> remains() throws IOException {
    Uninterruptibles.sleepUninterruptibly(LONGEST_TICK);
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.toList()) {
        Map<String, Object> inode =
            Files.readAttributes(file, "unix:ino,nlink,mode,size,ctime", LinkOption.NOFOLLOW_LINKS);
        all.put(file.toString(), new TreeMap<>(inode).toString());
      }
    }
    for (String loop : LoopDevice.backedBelow(base)) {
      all.put(loop, LoopDevice.attributes(loop));
    }
    return Optional.of(all);
  }

  @Override
  public void plantForeign(String vid) throws IOException {
    Path image = first().resolve(vid + ".img");
    Files.createDirectories(image.getParent());
    plantFile(image + "@2018-01-02T03:04:05Z");
    plantFile(image + ".0@2018-01-02T03:04:05Z");
    plantFile(image + ".007@2018-01-02T03:04:05Z");
    plantFile(image + ".8@2018-13-02T03:04:05Z");
    plantFile(image + ".9@yesterday");
    plantFile(image + ".bak");
    plantFile(image + "~mine");
    plantFile(image + ".next-x");
    plantFile(first().resolve(vid + "-notes.txt").toString());
    plantDirectory(image + ".6@2018-01-02T03:04:05Z");
    plantDirectory(first().resolve(vid + "-export-1.img").toString());
    plantDirectory(first().resolve(vid + "-directory.img").toString());
    plantLink(image + ".5@2018-01-02T03:04:05Z");
    plantLink(first().resolve(vid + "-link.img").toString());
    plantLink(first().resolve(vid + "-linked").toString());
  }

  /** Plants a file that the driver did not make. */
  protected final void plantFile(String name) throws IOException {
    planted.put(Files.writeString(Path.of(name), CONTENT), "");
    planted.put(Path.of(name), Fingerprint.of(Path.of(name)));
  }

  private void plantDirectory(String name) throws IOException {
    Path directory = Files.createDirectory(Path.of(name));
    planted.put(directory, Fingerprint.of(directory));
    plantFile(directory.resolve("inside.txt").toString());
  }

  private void plantLink(String name) throws IOException {
    Path target = base.resolve("outside");
    if (!Files.exists(target)) {
      plantFile(target.toString());
    }
    Path link = Files.createSymbolicLink(Path.of(name), target);
    planted.put(link, Fingerprint.of(link));
  }

  @Override
  public boolean isForeignIntact() {
    return planted.entrySet().stream()
        .allMatch(
            entry ->
                Fingerprint.isThere(entry.getKey())
                    && fingerprint(entry.getKey()).equals(entry.getValue()));
  }

  private static String fingerprint(Path path) {
    try {
      return Fingerprint.of(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void breakImage(String vid) throws IOException {
    Files.delete(first().resolve(vid + ".img"));
  }

  @Override
  public Optional<Truncation> truncation() {
    return Optional.of(
        (vid, size) ->
            Command.run("truncate", "-s", Long.toString(size), first() + "/" + vid + ".img"));
  }

  @Override
  public Optional<Filling> filling() {
    return Optional.of(() -> new FullFileSystem(mount));
  }

  @Override
  public Optional<Clutter> clutter() throws IOException {
    return Optional.of(new DirectoryClutter(first(), base.resolve("elsewhere")));
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
  public void removeDevices() throws IOException {
    StackedDevices.removeFrom(base);
  }

  @Override
  public void close() throws IOException {
    if (own.isPresent()) {
      own.get().close();
      return;
    }
    // Of sessions that a test has left.
    StackedDevices.removeFrom(base);
    try (Stream<Path> files = Files.walk(base)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Returns the directory of the first pool. */
  protected final Path first() {
    return base.resolve("pool");
  }

  /** Returns the directory that all pools are in. */
  protected final Path base() {
    return base;
  }

  /** Returns the configuration of a pool in that directory. */
  protected abstract PoolConfig config(String name, Path directory);
}

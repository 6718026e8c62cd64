package io.cistern.testkit.memory;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A directory of the machine's for one pool, which another process can open. */
class OnDiskFixture extends MemoryFixture {
  private static final Duration LONGEST_TICK = Duration.ofMillis(11);

  private final Path directory = Files.createTempDirectory("on-disk");
  private final KillBug bug;
  private final boolean tellsSteps;

  OnDiskFixture(KillBug bug, boolean tellsSteps) throws IOException {
    this.bug = bug;
    this.tellsSteps = tellsSteps;
  }

  @Override
  public List<PoolDriver> drivers() {
    return List.of(new OnDiskDriver());
  }

  @Override
  public PoolConfig config() {
    return PoolConfig.builder("pool", OnDiskDriver.NAME)
        .set(OnDiskDriver.PLACE, directory.toString())
        .set(OnDiskDriver.BUG, bug.toString())
        .set(OnDiskDriver.STEPS, tellsSteps ? "yes" : "no")
        .build();
  }

  @Override
  public Map<String, String> snapshot() {
    LateWork.await();
    return walk(OnDiskFixture::sizeOf);
  }

  /** Nobody keeps anything but files. */
  @Override
  public Optional<Map<String, String>> remains() {
    // The time of a change may be no finer than a tick of the clock.
    Uninterruptibles.sleepUninterruptibly(LONGEST_TICK);
    return Optional.of(walk(OnDiskFixture::inodeOf));
  }

  private interface Description {
    String of(Path path) throws IOException;
  }

  private Map<String, String> walk(Description description) {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.filter(each -> !isOfLock(each)).toList()) {
        all.put(path.toString(), description.of(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** The lock's files stay, and who has it is none of a volume's traces. */
  private boolean isOfLock(Path path) {
    return path.equals(directory.resolve("lock")) || path.equals(directory.resolve("owner"));
  }

  private static String sizeOf(Path path) throws IOException {
    return Files.isDirectory(path) ? "directory" : Files.size(path) + " bytes";
  }

  private static String inodeOf(Path path) throws IOException {
    return new TreeMap<>(Files.readAttributes(path, "unix:ino,nlink,size,ctime")).toString();
  }

  @Override
  public void close() {
    super.close();
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

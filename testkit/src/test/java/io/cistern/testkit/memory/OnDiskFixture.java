package io.cistern.testkit.memory;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.PoolDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory of the machine's for one pool, which another process can open. */
class OnDiskFixture extends MemoryFixture {
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

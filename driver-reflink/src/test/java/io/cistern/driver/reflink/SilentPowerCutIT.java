package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.storage.spi.StepProbe;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerCutConformance;
import io.cistern.testkit.disk.PoweredFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** A driver that tells of no steps has its power cut at some instants, and the report says so. */
class SilentPowerCutIT extends PowerCutConformance {
  private static final FileSystemUnderTest FILE_SYSTEM = FileSystemUnderTest.XFS;

  /** Without that file system, all is skipped, and there is no report. */
  private static boolean hasPlace;

  @Override
  protected PoolFixture newPool() throws IOException {
    PoweredFileSystem powered = FILE_SYSTEM.makePowered(FileSystemUnderTest.BTRFS);
    hasPlace = true;
    return new ReflinkFixture(FILE_SYSTEM, powered) {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(new SilentDriver());
      }

      /** As many as there are; but without steps no sync can be left out. */
      @Override
      public int stepsToTry() {
        return 1000;
      }
    };
  }

  @Override
  protected boolean isSelected(String operation) {
    return operation.matches("(start|stop|revert) of origin");
  }

  @AfterAll
  static void theReportSaysSo() throws IOException {
    if (!hasPlace) {
      return;
    }
    Path report = Path.of("target", "crash-reports", "SilentPowerCutIT-power-cuts.txt");
    assertThat(Files.readAllLines(report))
        .isNotEmpty()
        .allMatch(line -> line.contains("no steps are told: cut at some instants"));
  }

  /** The driver, which hears of nobody who would want to know its steps. */
  private static final class SilentDriver implements PoolDriver {
    private final ReflinkDriver driver = new ReflinkDriver();

    @Override
    public String name() {
      return driver.name();
    }

    @Override
    public List<DriverParameter> parameters() {
      return driver.parameters();
    }

    @Override
    public Optional<String> place(PoolConfig config) {
      return driver.place(config);
    }

    @Override
    public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
      DriverContext silent =
          new DriverContext(
              context.driver(),
              context.executor(),
              context.questionExecutor(),
              context.transferExecutor(),
              context.listener(),
              StepProbe.NONE,
              context.clock(),
              context.pools(),
              context.closed());
      return driver.open(name, config, silent);
    }
  }
}

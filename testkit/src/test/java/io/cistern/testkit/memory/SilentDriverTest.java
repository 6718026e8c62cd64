package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.FullConformance;
import io.cistern.testkit.KillConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A driver that tells of no steps gets what can be had from outside, and the reports say so. */
class SilentDriverTest {
  private static final String OPERATIONS = "(start|stop) of origin";

  @Test
  void nothingFailsAndTheReportSaysSo() throws IOException {
    run(SilentFaults.class, 4);
    assertReport("SilentFaults-faults", "no steps are told: done, and nothing can be made to fail");
    assertReport("SilentFaults-hanging-commands", "no steps are told: nobody knows of commands");
  }

  @Test
  void thePoolIsFullBeforeTheOperationAndTheReportSaysSo() throws IOException {
    run(SilentFull.class, 3);
    assertReport("SilentFull-full", "no steps are told: full before it began, ");
  }

  @Test
  void theProcessIsKilledAtSomeInstantAndTheReportSaysSo() throws IOException {
    run(SilentKills.class, 2);
    assertReport("SilentKills-kills", "no steps are told: ");
  }

  private static void run(Class<?> suite, int tests) {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(suite))
        .execute()
        .testEvents()
        .assertStatistics(all -> all.succeeded(tests).failed(0).aborted(0).skipped(0));
  }

  private static void assertReport(String name, String line) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("target", "crash-reports", name + ".txt"));
    for (String operation : List.of("start of origin", "stop of origin")) {
      assertThat(lines).as(name).anyMatch(each -> each.startsWith(operation + ": " + line));
    }
  }

  private static PoolFixture place() throws IOException {
    PoolDriver driver =
        new MemoryDriver() {
          @Override
          public Pool open(String name, PoolConfig config, DriverContext context)
              throws IOException {
            return super.open(name, config, OnDiskDriver.silent(context));
          }
        };
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(driver);
      }
    };
  }

  static class SilentFaults extends FaultConformance {
    @Override
    protected PoolFixture newPool() throws IOException {
      return place();
    }

    @Override
    protected boolean isTried(String operation) {
      return operation.matches(OPERATIONS);
    }
  }

  static class SilentFull extends FullConformance {
    @Override
    protected PoolFixture newPool() throws IOException {
      return place();
    }

    @Override
    protected boolean isTried(String operation) {
      return operation.matches(OPERATIONS);
    }
  }

  static class SilentKills extends KillConformance {
    @Override
    protected PoolFixture newPool() throws IOException {
      return new OnDiskFixture(KillBug.NONE, false);
    }

    @Override
    protected boolean isTried(String operation) {
      return operation.matches(OPERATIONS);
    }
  }
}

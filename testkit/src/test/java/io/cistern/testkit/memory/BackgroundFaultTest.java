package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import io.cistern.testkit.FaultConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A driver that works on in the background, and fails there after the operation has ended. */
@Execution(ExecutionMode.SAME_THREAD)
class BackgroundFaultTest {
  private static final AtomicInteger LATE_FAILURES = new AtomicInteger();

  @Test
  void aFailureThatIsToldLateIsWaitedFor() {
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(LateFaults.class))
        .execute()
        .testEvents()
        .assertStatistics(all -> all.succeeded(2).failed(0).aborted(0).skipped(0));
  }

  @Test
  void aStepThatComesLateFailsToo() {
    LATE_FAILURES.set(0);
    aFailureThatIsToldLateIsWaitedFor();
    assertThat(LATE_FAILURES).as("steps that failed after the operation").hasPositiveValue();
  }

  static class LateFaults extends FaultConformance {
    @Override
    protected PoolFixture newPool() throws IOException {
      return new LatePlace();
    }

    @Override
    protected boolean isTried(String operation) {
      return operation.equals("stop of origin");
    }
  }

  private static final class LatePlace extends MemoryFixture {
    LatePlace() throws IOException {}

    @Override
    public List<PoolDriver> drivers() {
      return List.of(
          new MemoryDriver() {
            @Override
            public Pool open(String name, PoolConfig config, DriverContext context)
                throws IOException {
              return new PoolBugs.WithVolumes(
                  (MemoryPool) super.open(name, config, context),
                  context,
                  (pool, volume) -> new LateVolume(pool, volume, context.probe()));
            }
          });
    }

    @Override
    public Map<String, String> snapshot() {
      LateWork.await();
      return super.snapshot();
    }

    private static final class LateVolume extends MemoryVolume {
      private final StepProbe probe;

      LateVolume(MemoryPool pool, VolumeConfig config, StepProbe probe) {
        super(pool, config);
        this.probe = probe;
      }

      @Override
      protected void doCommit(int revisionsToKeep) throws IOException {
        super.doCommit(revisionsToKeep);
        Step step =
            new Step("memory", Step.Kind.SYSTEM_CALL, "tidy", config().vid(), List.of("EIO"));
        Optional<String> error = probe.before(step);
        LateWork.begin(() -> tellLate(step, error));
      }

      private void tellLate(Step step, Optional<String> error) {
        probe.after(step, error);
        Step late =
            new Step("memory", Step.Kind.SYSTEM_CALL, "forget", config().vid(), List.of("EIO"));
        Optional<String> lateError = probe.before(late);
        LATE_FAILURES.addAndGet(lateError.isPresent() ? 1 : 0);
        probe.after(late, lateError);
      }
    }
  }
}

package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.linux.ExternalCommands;
import io.cistern.linux.Linux;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.StepProbe;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The system starts no thread for a moment. */
class ReclaimerThreadTest {
  private final AtomicBoolean refuses = new AtomicBoolean(true);
  private final AtomicInteger looks = new AtomicInteger();

  private Thread thread(Runnable task) {
    return new Thread(task) {
      @Override
      public synchronized void start() {
        if (refuses.get()) {
          throw new OutOfMemoryError("unable to create native thread");
        }
        super.start();
      }
    };
  }

  @Test
  void whoWakesItIsNotDisturbedAndTheNextOneSucceeds() throws Exception {
    try (SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2")) {
      Reclaimer reclaimer = reclaimer(fixture);
      reclaimer.wake();
      assertThat(reclaimer.awaitIdle(Duration.ofSeconds(1))).isTrue();
      refuses.set(false);
      reclaimer.wake();
      assertThat(reclaimer.awaitIdle(Duration.ofSeconds(20))).isTrue();
      assertThat(looks).hasValue(1);
    }
  }

  private Reclaimer reclaimer(SimulatedFixture fixture) throws Exception {
    Machine machine = fixture.machine();
    PoolConfig config = fixture.config();
    LvmThinParameters parameters = LvmThinParameters.of(config);
    StepProbe probe = step -> Optional.empty();
    LvDevices devices =
        machine
            .devices()
            .of(Linux.create(ProbeSeams.ofSystemCalls("pool", probe)), parameters.volumeGroup());
    LvmCommands commands =
        new LvmCommands(
            machine,
            ExternalCommands.create(ProbeSeams.ofCommands("pool", probe), machine.launcher()),
            parameters);
    PoolRoom room = new PoolRoom(parameters, devices, Optional::empty, () -> {}, () -> {});
    Garbage garbage =
        new Garbage(
            () -> {
              looks.incrementAndGet();
              return ThinPoolReport.NOTHING;
            },
            devices,
            name -> false,
            content -> false);
    return new Reclaimer(
        "pool",
        commands,
        garbage,
        new GradualDiscard(commands, devices, room),
        () -> {},
        this::thread);
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.linux.CommandLauncher;
import io.cistern.linux.CommandPendingException;
import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rule 1005: a command that hangs is reported, and nothing else is changed before it has ended. */
class HangingCommandTest {
  private final AtomicBoolean hanging = new AtomicBoolean();
  private final AtomicBoolean ended = new AtomicBoolean();

  private Machine machine(SimulatedFixture fixture) {
    Machine machine = fixture.machine();
    CommandLauncher launcher =
        (command, patience) -> {
          if (command.name().equals("lvcreate") && hanging.getAndSet(false)) {
            throw new CommandPendingException(command, Duration.ofSeconds(1), 4711, ended::get);
          }
          return machine.launcher().run(command, patience);
        };
    return new Machine(
        machine.lvm(),
        launcher,
        machine.devices(),
        machine.lockDirectory(),
        machine.patience(),
        machine.reclaimers());
  }

  @Test
  void changesAreRefusedUntilItHasEnded() throws Exception {
    SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
    try (Storage storage = Storage.builder().driver(new LvmThinDriver(machine(fixture))).build()) {
      Pool pool = get(storage.open(fixture.config()));
      get(pool.setup());
      Volume root = pool.volume(VolumeConfig.origin("vm", "root").size(ThinPools.SIZE).build());
      get(root.create());
      hanging.set(true);

      assertThat(refused(root.start(), Code.IO)).hasMessageContaining("4711");
      assertThat(refused(root.start(), Code.POOL_NOT_READY)).hasMessageContaining("4711");
      assertThat(get(root.size())).hasValue(ThinPools.SIZE);
      assertThat(get(pool.info()).isReady()).isFalse();

      ended.set(true);
      get(root.start());
      get(root.stop());
      get(root.remove());
    }
    fixture.close();
  }
}

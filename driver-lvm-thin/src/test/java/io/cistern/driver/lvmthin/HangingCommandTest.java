package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.linux.CommandLauncher;
import io.cistern.linux.CommandPendingException;
import io.cistern.linux.CommandSeam;
import io.cistern.linux.ExternalCommands;
import io.cistern.linux.Linux;
import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.DriverException;
import java.time.Duration;
import java.util.List;
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

  /** It may do anything yet to what they have in common. */
  @Test
  void changesOfOtherPoolsOfTheGroupAreRefusedToo() throws Exception {
    SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
    try (Storage storage = Storage.builder().driver(new LvmThinDriver(machine(fixture))).build()) {
      Pool pool = get(storage.open(fixture.config()));
      Pool other = get(storage.open(fixture.secondConfig()));
      get(pool.setup());
      get(other.setup());
      VolumeConfig config = VolumeConfig.origin("vm", "root").size(ThinPools.SIZE).build();
      hanging.set(true);
      refused(pool.volume(config).create(), Code.IO);
      assertThat(refused(other.volume(config).create(), Code.POOL_NOT_READY))
          .hasMessageContaining("4711");
      ended.set(true);
      get(other.volume(config).create());
    }
    fixture.close();
  }

  @Test
  void whatWasTakenForTrueMeanwhileIsNotActedOn() throws Exception {
    SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
    Machine machine = machine(fixture);
    LvmCommands commands =
        new LvmCommands(
            machine,
            ExternalCommands.create(CommandSeam.none(), machine.launcher()),
            LvmThinParameters.of(fixture.config()));
    try (LvDevices devices = machine.devices().of(Linux.create(), "vg")) {
      PoolState state = new PoolState(commands, devices, "pool");
      commands.witnessedBy(state);
      assertThat(commands.find()).isTrue();
      assertThat(state.current().pool()).isPresent();
      hanging.set(true);
      assertThatThrownBy(() -> commands.create("one", ThinPools.SIZE, List.of()))
          .isInstanceOf(CommandPendingException.class);
      assertThat(state.current().pool()).isPresent();
      ended.set(true);
      assertThatThrownBy(() -> commands.create("two", ThinPools.SIZE, List.of()))
          .isInstanceOfSatisfying(
              DriverException.class, e -> assertThat(e.code()).isEqualTo(Code.POOL_NOT_READY));
      assertThat(state.current().names()).doesNotContain("two");
      commands.create("two", ThinPools.SIZE, List.of());
      assertThat(state.current().names()).contains("two");
    }
    fixture.close();
  }
}

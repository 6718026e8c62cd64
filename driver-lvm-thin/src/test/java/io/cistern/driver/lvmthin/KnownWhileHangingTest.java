package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.linux.CommandFailedException;
import io.cistern.linux.CommandLauncher;
import io.cistern.linux.CommandOutput;
import io.cistern.linux.CommandPendingException;
import io.cistern.linux.CommandSeam;
import io.cistern.linux.ExternalCommand;
import io.cistern.linux.ExternalCommands;
import io.cistern.linux.Linux;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is known of a thin pool when a command of LVM hangs (rule 1005). */
@Timeout(60)
class KnownWhileHangingTest {
  private static final String NAME = "vm-vm-root";

  /** Runs one command wrongly, instead of the next that is no report. */
  private interface Fault {
    CommandOutput run(CommandLauncher launcher, ExternalCommand command) throws IOException;
  }

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final AtomicReference<Fault> fault = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private LvDevices devices;
  private LvmCommands commands;
  private PoolState state;

  @BeforeEach
  void look() throws IOException {
    devices = fixture.machine().devices().of(Linux.create(), "vg");
    commands = commands();
    state = new PoolState(commands, devices, "pool");
    commands.witnessedBy(state);
    assertThat(commands.find()).isTrue();
    commands.create(NAME, ThinPools.SIZE, LvTags.fresh("vm-root").texts());
    assertThat(state.current().names()).contains(NAME);
  }

  /** What hangs is known to all who use a group of that name. */
  @AfterEach
  void close() throws IOException {
    ended.set(true);
    commands().runner().checkNothingPending();
    devices.close();
    fixture.close();
  }

  private LvmCommands commands() throws IOException {
    CommandLauncher sound = fixture.machine().launcher();
    CommandLauncher launcher =
        (command, patience) -> {
          Fault now = command.arguments().get(0).endsWith("s") ? null : fault.getAndSet(null);
          return now == null ? sound.run(command, patience) : now.run(sound, command);
        };
    return new LvmCommands(
        fixture.machine(),
        ExternalCommands.create(CommandSeam.none(), launcher),
        LvmThinParameters.of(fixture.config()));
  }

  private CommandOutput hang(ExternalCommand command) throws IOException {
    throw new CommandPendingException(command, Duration.ofSeconds(1), 4711, ended::get);
  }

  private void hangInARemoval() {
    assertThatThrownBy(() -> commands.remove(List.of("root")))
        .isInstanceOf(CommandPendingException.class);
  }

  @Test
  void whoAsksBeforeItIsKnownToHangIsAnswered() throws Exception {
    CompletableFuture<ThinPoolReport> answer = new CompletableFuture<>();
    Thread asking = new Thread(() -> ask(answer));
    fault.set(
        (launcher, command) -> {
          asking.start();
          while (asking.getState() != Thread.State.WAITING && asking.isAlive()) {
            Thread.onSpinWait();
          }
          return hang(command);
        });
    hangInARemoval();
    asking.join();
    assertThat(answer.join().names()).contains(NAME);
  }

  private void ask(CompletableFuture<ThinPoolReport> answer) {
    try {
      answer.complete(state.current());
    } catch (IOException e) {
      answer.completeExceptionally(e);
    }
  }

  @Test
  void whatWasDoneThoughLvmSaidOtherwiseIsKnown() throws Exception {
    fault.set(
        (launcher, command) -> {
          CommandOutput unheard = launcher.run(command, Duration.ZERO);
          throw new CommandFailedException(command, new CommandOutput(5, "", "failed"));
        });
    commands.rename(NAME, "other");
    fault.set((launcher, command) -> hang(command));
    hangInARemoval();
    assertThat(state.current().names()).contains("other").doesNotContain(NAME);
  }

  @Test
  void thatItHangsIsNotForgottenWithThePool() throws Exception {
    fault.set((launcher, command) -> hang(command));
    hangInARemoval();
    WeakReference<LvmCommands> gone = new WeakReference<>(commands);
    commands = null;
    state = null;
    for (int i = 0; i < 100 && gone.get() != null; i++) {
      System.gc();
    }
    assertThat(gone.get()).isNull();
    System.gc();
    assertThatThrownBy(() -> commands().runner().checkNothingPending())
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("4711");
  }
}

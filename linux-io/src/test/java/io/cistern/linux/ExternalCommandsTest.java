package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExternalCommandsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ExternalCommands commands =
      ExternalCommands.create(CommandSeam.none(), ExternalCommands.processes());

  private static ExternalCommand shell(String script) {
    return new ExternalCommand(Path.of("/bin/sh"), List.of("-c", script));
  }

  @Test
  void bothOutputsComeWholeAndApart() throws Exception {
    CommandOutput output = commands.run(shell("echo out; echo warning >&2"), LONG);

    assertThat(output).isEqualTo(new CommandOutput(0, "out\n", "warning\n"));
  }

  @Test
  void moreThanAPipeHoldsOnBothOutputsDoesNotBlock() throws Exception {
    CommandOutput output =
        commands.run(shell("yes error | head -c 1000000 >&2; yes out | head -c 1000000"), LONG);

    assertThat(output.out()).hasSize(1_000_000);
    assertThat(output.error()).hasSize(1_000_000);
  }

  @Test
  void anExitCodeIsAFailureWithTheWholeErrorOutput() {
    CommandFailedException failure =
        catchThrowableOfType(
            CommandFailedException.class,
            () -> commands.run(shell("echo one >&2; echo two >&2; exit 5"), LONG));

    assertThat(failure.exitCode()).isEqualTo(5);
    assertThat(failure).hasMessageContaining("/bin/sh").hasMessageContaining("one\ntwo");
  }

  @Test
  void theLocaleIsFixedAndTheInputEmpty() throws Exception {
    assertThat(commands.run(shell("cat; echo $LC_ALL"), LONG).out()).isEqualTo("C\n");
  }

  @Test
  void anArgumentIsNeverReadByAShell() throws Exception {
    ExternalCommand echo = new ExternalCommand(Path.of("/bin/echo"), List.of("$HOME; `id` *"));

    assertThat(commands.run(echo, LONG).out()).isEqualTo("$HOME; `id` *\n");
  }

  @Test
  void aCommandThatDoesNotEndInTimeGoesOnAndIsNamed() throws Exception {
    CommandPendingException pending =
        catchThrowableOfType(
            CommandPendingException.class,
            () -> commands.run(shell("sleep 1; yes | head -c 200000"), Duration.ofMillis(50)));

    assertThat(pending).hasMessageContaining("process " + pending.pid());
    assertThat(ProcessHandle.of(pending.pid())).isPresent();
    assertThat(pending.hasEnded()).isFalse();
    await().atMost(LONG).until(pending::hasEnded);
  }

  @Test
  void aWaitThatIsInterruptedSaysSo() {
    Thread.currentThread().interrupt();
    CommandPendingException pending =
        catchThrowableOfType(
            CommandPendingException.class, () -> commands.run(shell("sleep 0.2"), LONG));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(pending).hasMessageContaining("interrupted").hasMessageNotContaining("within");
    await().atMost(LONG).until(pending::hasEnded);
  }

  @Test
  void aRelativeProgramIsRefused() {
    assertThatThrownBy(() -> new ExternalCommand(Path.of("lvs"), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theSeamSeesEachCommandAndCanMakeItFail() throws Exception {
    List<String> seen = new ArrayList<>();
    CommandSeam failing =
        new CommandSeam() {
          @Override
          public Optional<CommandOutput> before(ExternalCommand command) {
            seen.add("before " + command.name());
            return Optional.of(new CommandOutput(5, "", "injected"));
          }

          @Override
          public void after(ExternalCommand command, CommandOutput output) {
            seen.add("after " + output.exitCode());
          }
        };

    assertThatThrownBy(
            () ->
                ExternalCommands.create(failing, ExternalCommands.processes())
                    .run(shell("exit 0"), LONG))
        .isInstanceOf(CommandFailedException.class)
        .hasMessageContaining("injected");
    assertThat(seen).containsExactly("before -c", "after 5");
  }
}

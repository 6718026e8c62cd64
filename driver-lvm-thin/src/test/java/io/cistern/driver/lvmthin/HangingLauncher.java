package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandLauncher;
import io.cistern.linux.CommandOutput;
import io.cistern.linux.CommandPendingException;
import io.cistern.linux.ExternalCommand;
import io.cistern.linux.ExternalCommands;
import io.cistern.testkit.PoolFixture.Hanging;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Runs commands, but for one that hangs: a process of the machine's stands for it. */
final class HangingLauncher implements CommandLauncher, Hanging {
  private static final Duration PATIENCE = Duration.ofMillis(200);
  private static final String LOOP = "while [ -e \"$0\" ]; do sleep 0.02; done";

  private final CommandLauncher launcher;
  private final Path hangs;
  private boolean isNext;
  private Optional<ExternalCommand> hanging = Optional.empty();
  private Optional<ProcessHandle> process = Optional.empty();

  /**
   * Makes one.
   *
   * @param launcher runs them
   * @param hangs a file that is there as long as one hangs
   */
  HangingLauncher(CommandLauncher launcher, Path hangs) {
    this.launcher = launcher;
    this.hangs = hangs;
  }

  @Override
  public synchronized void hangNext() {
    isNext = true;
  }

  @Override
  public CommandOutput run(ExternalCommand command, Duration patience) throws IOException {
    if (!isToHang(command)) {
      return launcher.run(command, patience);
    }
    try {
      List<String> arguments = List.of("-c", LOOP, hangs.toString());
      return ExternalCommands.processes()
          .run(new ExternalCommand(Path.of("/bin/sh"), arguments), PATIENCE);
    } catch (CommandPendingException e) {
      remember(ProcessHandle.of(e.pid()));
      throw new CommandPendingException(command, PATIENCE, e.pid(), e::hasEnded);
    }
  }

  private synchronized boolean isToHang(ExternalCommand command) throws IOException {
    if (!isNext) {
      return false;
    }
    isNext = false;
    Files.createFile(hangs);
    hanging = Optional.of(command);
    return true;
  }

  private synchronized void remember(Optional<ProcessHandle> value) {
    process = value;
  }

  @Override
  public synchronized OptionalLong process() {
    return process.stream()
        .filter(ProcessHandle::isAlive)
        .mapToLong(ProcessHandle::pid)
        .findFirst();
  }

  /** Whatever comes of it, nobody hears of that any more. */
  @Override
  public synchronized void letGo() throws IOException {
    isNext = false;
    if (hanging.isPresent()) {
      CommandOutput unheard = launcher.run(hanging.get(), PATIENCE);
      Files.delete(hangs);
      process.ifPresent(it -> it.onExit().join());
      hanging = Optional.empty();
      process = Optional.empty();
    }
  }
}

package io.cistern.linux;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs external commands: argument lists, an absolute program, {@code LC_ALL=C}, an empty standard
 * input. None is ever killed. Safe for use by many threads; holds nothing.
 */
public final class ExternalCommands {
  private static final Logger log = LoggerFactory.getLogger(ExternalCommands.class);

  private final CommandSeam seam;
  private final CommandLauncher launcher;

  private ExternalCommands(CommandSeam seam, CommandLauncher launcher) {
    this.seam = seam;
    this.launcher = launcher;
  }

  /** Returns what starts processes. */
  public static CommandLauncher processes() {
    return new ProcessLauncher();
  }

  /** Returns commands that pass a seam and are then run by this launcher. */
  public static ExternalCommands create(CommandSeam seam, CommandLauncher launcher) {
    return new ExternalCommands(seam, launcher);
  }

  /**
   * Runs a command to its end.
   *
   * @param patience how long it is waited for
   * @return what it left; its standard error, which has only warnings then, was logged at DEBUG
   * @throws CommandFailedException if its exit code is not 0
   * @throws CommandPendingException if it has not ended by then
   * @throws IOException if it can't be started
   */
  public CommandOutput run(ExternalCommand command, Duration patience) throws IOException {
    CommandOutput output = seam.before(command).orElse(null);
    if (output == null) {
      output = launcher.run(command, patience);
      output = output.exitCode() == 0 ? seam.spoils(command).orElse(output) : output;
    }
    seam.after(command, output);
    if (output.exitCode() != 0) {
      throw new CommandFailedException(command, output);
    }
    if (!output.error().isBlank()) {
      log.debug("{} warns: {}", command, output.error().strip());
    }
    return output;
  }
}

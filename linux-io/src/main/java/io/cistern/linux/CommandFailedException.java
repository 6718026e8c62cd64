package io.cistern.linux;

import java.io.IOException;

/**
 * A command ended with another exit code than 0. The message has the whole command, the exit code
 * and all of its standard error.
 */
public final class CommandFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final String error;

  /** Makes one of what the command left. */
  public CommandFailedException(ExternalCommand command, CommandOutput output) {
    super(
        "%s: exit code %d: %s"
            .formatted(
                command,
                output.exitCode(),
                output.error().isBlank() ? "(no message)" : output.error().strip()));
    this.exitCode = output.exitCode();
    this.error = output.error();
  }

  /** Returns the exit code. */
  public int exitCode() {
    return exitCode;
  }

  /** Returns all of its standard error. */
  public String error() {
    return error;
  }
}

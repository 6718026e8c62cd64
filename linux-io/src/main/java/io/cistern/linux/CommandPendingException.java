package io.cistern.linux;

import java.io.IOException;
import java.time.Duration;

/**
 * A command has not ended within the bound, or before the wait for it was interrupted. It was not
 * killed and goes on: what it does to the disk may still happen.
 */
public final class CommandPendingException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Running running;
  private final long pid;

  /** The command that goes on. */
  public interface Running {
    /**
     * Tells whether it has ended, and takes what it has written meanwhile, so that a full pipe does
     * not keep it from ending.
     */
    boolean hasEnded();
  }

  /** Makes one. */
  public CommandPendingException(
      ExternalCommand command, Duration patience, long pid, Running running) {
    this(command, "has not ended within %d s".formatted(patience.toSeconds()), pid, running);
  }

  private CommandPendingException(
      ExternalCommand command, String reason, long pid, Running running) {
    super("%s: %s, goes on as process %d, and is not killed".formatted(command, reason, pid));
    this.running = running;
    this.pid = pid;
  }

  /** Makes one for a thread that was interrupted before the bound. */
  static CommandPendingException interrupted(ExternalCommand command, long pid, Running running) {
    return new CommandPendingException(
        command, "had not ended when the wait for it was interrupted", pid, running);
  }

  /** Returns the process's id. */
  public long pid() {
    return pid;
  }

  /** Tells whether the command has ended meanwhile; to be asked now and then. */
  public boolean hasEnded() {
    return running.hasEnded();
  }
}

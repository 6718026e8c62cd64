package io.cistern.linux;

import java.io.IOException;
import java.time.Duration;

/** Starts commands and waits for them: the operating system, or what stands for it in a test. */
@FunctionalInterface
public interface CommandLauncher {
  /**
   * Runs a command to its end.
   *
   * @param patience how long it is waited for
   * @return what it left, whatever its exit code
   * @throws CommandPendingException if it has not ended by then; it goes on
   * @throws IOException if it can't be started
   */
  CommandOutput run(ExternalCommand command, Duration patience) throws IOException;
}

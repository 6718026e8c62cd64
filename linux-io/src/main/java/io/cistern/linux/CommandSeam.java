package io.cistern.linux;

import java.util.Optional;

/**
 * Sees every external command, before and after, and may make it fail, as {@link SystemCallSeam}
 * does for system calls. What its methods throw passes through unchanged.
 */
public interface CommandSeam {
  /**
   * Called before a command is started.
   *
   * @return empty to run it, or how it fails instead of being run
   */
  Optional<CommandOutput> before(ExternalCommand command);

  /**
   * Called after a command was run with success, which may come to nothing: commands have done
   * their work and failed nevertheless, because of what they did after it.
   *
   * @return empty to let it have succeeded, or how it fails all the same
   */
  default Optional<CommandOutput> spoils(ExternalCommand command) {
    return Optional.empty();
  }

  /**
   * Called after a command has ended, run or not.
   *
   * @param output what it left
   */
  void after(ExternalCommand command, CommandOutput output);

  /** Returns a seam that lets everything pass. */
  static CommandSeam none() {
    return new CommandSeam() {
      @Override
      public Optional<CommandOutput> before(ExternalCommand command) {
        return Optional.empty();
      }

      @Override
      public void after(ExternalCommand command, CommandOutput output) {}
    };
  }
}

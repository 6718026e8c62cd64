package io.cistern.linux;

import java.nio.file.Path;
import java.util.List;

/**
 * A command as an argument list, never a shell line.
 *
 * @param program the program, an absolute path
 * @param arguments what it is given; the first is the name of the subcommand where there are such
 */
public record ExternalCommand(Path program, List<String> arguments) {

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if the program is not absolute, or an argument has a NUL
   */
  public ExternalCommand {
    arguments = List.copyOf(arguments);
    if (!program.isAbsolute()) {
      throw new IllegalArgumentException(program + " is no absolute path");
    }
    if (arguments.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("an argument of " + program + " has a NUL");
    }
  }

  /** Returns the first argument, or the program's name if there is none. */
  public String name() {
    return arguments.isEmpty() ? String.valueOf(program.getFileName()) : arguments.get(0);
  }

  /** Returns it as a person would type it, if nothing has to be quoted. */
  @Override
  public String toString() {
    return program + " " + String.join(" ", arguments);
  }
}

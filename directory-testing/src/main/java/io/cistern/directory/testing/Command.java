package io.cistern.directory.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a tool of the system in a test. */
public final class Command {
  private Command() {}

  /** Returns what it prints; a non-zero exit is a failure that says what it printed. */
  public static String run(String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(arguments)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException(List.of(arguments) + " ended with " + exit + ": " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return output.strip();
  }
}

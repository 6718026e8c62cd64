package io.cistern.testkit.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a tool of the system, such as losetup(8), in a test. */
public final class Command {
  private Command() {}

  /**
   * Waits until it ends, with an empty standard input, and returns what it prints, stripped.
   *
   * @throws IOException if it ends with another code than 0, with what it printed; if it can't be
   *     started, or the thread is interrupted
   */
  public static String run(String... arguments) throws IOException {
    Process process = new ProcessBuilder(arguments).redirectErrorStream(true).start();
    process.getOutputStream().close();
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

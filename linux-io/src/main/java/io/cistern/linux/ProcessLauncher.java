package io.cistern.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands as processes. One thread reads both pipes, by turns and only what is there, so
 * nothing blocks on a pipe and no thread outlives the call.
 */
final class ProcessLauncher implements CommandLauncher {
  /** A pipe holds 64 KiB: what a command writes in this time had better be less. */
  private static final long TURN_MILLIS = 2;

  @Override
  public CommandOutput run(ExternalCommand command, Duration patience) throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(command.program().toString());
    builder.command().addAll(command.arguments());
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    Pipes pipes = new Pipes(process);
    try {
      if (!pipes.awaitEnd(patience)) {
        throw new CommandPendingException(command, patience, process.pid(), pipes::hasEnded);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandPendingException.interrupted(command, process.pid(), pipes::hasEnded);
    }
    return pipes.output();
  }

  /** A process and what it has written so far. */
  private static final class Pipes {
    private final Process process;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream error = new ByteArrayOutputStream();
    private boolean closed;

    Pipes(Process process) {
      this.process = process;
    }

    /** An interrupt ends the waiting, but not the command. */
    synchronized boolean awaitEnd(Duration patience) throws IOException, InterruptedException {
      long deadline = System.nanoTime() + patience.toNanos();
      while (!process.waitFor(TURN_MILLIS, TimeUnit.MILLISECONDS)) {
        drain();
        if (System.nanoTime() - deadline > 0) {
          return false;
        }
      }
      finish();
      return true;
    }

    synchronized boolean hasEnded() {
      try {
        if (process.isAlive()) {
          drain();
          return false;
        }
        finish();
        return true;
      } catch (IOException e) {
        return !process.isAlive();
      }
    }

    CommandOutput output() {
      return new CommandOutput(process.exitValue(), text(out), text(error));
    }

    private void drain() throws IOException {
      drain(process.getInputStream(), out);
      drain(process.getErrorStream(), error);
    }

    private void finish() throws IOException {
      if (!closed) {
        drain();
        closed = true;
        process.getInputStream().close();
        process.getErrorStream().close();
      }
    }

    private static void drain(InputStream from, ByteArrayOutputStream to) throws IOException {
      int there = from.available();
      while (there > 0) {
        to.write(from.readNBytes(there));
        there = from.available();
      }
    }

    private static String text(ByteArrayOutputStream bytes) {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }
}

package io.cistern.directory.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another JVM that runs a main class of the tests, and may be killed. */
public final class ChildProcess implements AutoCloseable {
  private static final Duration END_WITHIN = Duration.ofMinutes(5);
  private static final Duration THREADS_WITHIN = Duration.ofSeconds(10);

  private final Process process;
  private final BufferedReader output;

  private ChildProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  public static ChildProcess start(Class<?> main, String... arguments) throws IOException {
    return start(List.of(), main, arguments);
  }

  /** Starts it under another command, such as strace. */
  public static ChildProcess start(List<String> wrapper, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ChildProcess(
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start());
  }

  public long pid() {
    return process.pid();
  }

  /** Reads what it prints up to a line. */
  public void await(String line) throws IOException {
    String read = output.readLine();
    while (read != null && !read.equals(line)) {
      read = output.readLine();
    }
    if (read == null) {
      throw new IOException("the child ended before it printed '" + line + "'");
    }
  }

  /** Reads the next line that it prints. */
  public String nextLine() throws IOException {
    String read = output.readLine();
    if (read == null) {
      throw new IOException("the child ended before it printed a line");
    }
    return read;
  }

  /** Its exit code. If it does not end within minutes, fails with where its threads are. */
  public int awaitEnd() throws IOException, InterruptedException {
    // Its output must be read, or it would block.
    List<String> printed = Collections.synchronizedList(new ArrayList<>());
    Thread reader = new Thread(() -> output.lines().forEach(printed::add), "child-output");
    reader.setDaemon(true);
    reader.start();
    if (!process.waitFor(END_WITHIN.toSeconds(), TimeUnit.SECONDS)) {
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid())).start().waitFor();
      reader.join(THREADS_WITHIN.toMillis());
      throw new IOException("the child does not end: " + String.join("\n", printed));
    }
    return process.exitValue();
  }

  /** Kills it with SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}

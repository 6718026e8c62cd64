package io.cistern.examples.guest;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A program that is run with a list of arguments: no shell, no standard input, a fixed locale. */
public final class Command {
  /** What a program said, and how it ended. */
  public record Result(int exitCode, String output, String errors) {}

  private static final List<String> SYSTEM_DIRECTORIES =
      List.of("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/bin", "/bin");

  private final List<String> line = new ArrayList<>();

  /**
   * Starts the command line of a program.
   *
   * @throws IOException if it is neither on the path nor in the system's directories
   */
  public Command(String program, Object... arguments) throws IOException {
    this(find(program));
    and(arguments);
  }

  /** Starts the command line of a program that is at that place. */
  public Command(Path program) {
    line.add(program.toString());
  }

  /** Adds arguments. */
  public Command and(Object... arguments) {
    Stream.of(arguments).map(String::valueOf).forEach(line::add);
    return this;
  }

  /**
   * Runs it and returns its standard output.
   *
   * @throws IOException with what it wrote to its standard error, if it fails
   */
  public String run() throws IOException {
    Result result = tryToRun();
    if (result.exitCode != 0) {
      throw failed(result);
    }
    return result.output;
  }

  /** Runs it and returns whatever came out. */
  public Result tryToRun() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    CompletableFuture<String> errors =
        CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    try {
      String output = text(process.getInputStream());
      return new Result(process.waitFor(), output, errors.join());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + this, e);
    } finally {
      process.destroy();
    }
  }

  /** Makes the exception for a run that did not do what it should. */
  public IOException failed(Result result) {
    return new IOException(
        "%s ended with %d: %s".formatted(this, result.exitCode, result.errors.strip()));
  }

  @Override
  public String toString() {
    return String.join(" ", line);
  }

  private static Path find(String program) throws IOException {
    String path = System.getenv("PATH");
    List<String> directories = new ArrayList<>();
    if (path != null) {
      directories.addAll(List.of(path.split(File.pathSeparator, -1)));
    }
    directories.addAll(SYSTEM_DIRECTORIES);
    return directories.stream()
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() -> new IOException("There is no program '" + program + "' here"));
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.cistern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.opentest4j.TestAbortedException;

/** A file in {@code target/crash-reports} that lists what was interrupted, and what came of it. */
final class CrashReport {
  private static final Path DIRECTORY = Path.of("target", "crash-reports");

  private final Path file;

  /** Begins the report of a test class. */
  CrashReport(Class<?> test, String suite) {
    this.file = DIRECTORY.resolve("%s-%s.txt".formatted(test.getSimpleName(), suite));
    try {
      Files.createDirectories(DIRECTORY);
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What adds lines of its own if it succeeds. */
  interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /** Does something, and adds a line if it fails; a test that is skipped has not failed. */
  void watch(String subject, Work work) throws Exception {
    try {
      work.run();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Exception | Error e) {
      note("%s: FAILED %s".formatted(subject, firstLine(e)));
      throw e;
    }
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().filter(line -> !line.isBlank()).findFirst().orElse("");
  }

  /** Adds a line on what was interrupted. */
  void add(String subject, Object outcome, Duration took) {
    note("%s: %s, %d ms".formatted(subject, outcome, took.toMillis()));
  }

  /** Adds a line. */
  void note(String line) {
    try {
      Files.writeString(
          file,
          line + System.lineSeparator(),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

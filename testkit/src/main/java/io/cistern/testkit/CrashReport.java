package io.cistern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

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

  void add(String subject, Object outcome, Duration took) {
    String line = "%s: %s, %d ms%n".formatted(subject, outcome, took.toMillis());
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

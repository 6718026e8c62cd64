package io.cistern.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opentest4j.TestAbortedException;

/** A file in {@code target/crash-reports} that lists what was interrupted, and what came of it. */
final class CrashReport {
  private static final Path DIRECTORY = Path.of("target", "crash-reports");

  /** Those that this process has begun. */
  private static final Set<Path> BEGUN = ConcurrentHashMap.newKeySet();

  private final Path file;

  /** Begins the report of a test class. */
  CrashReport(Class<?> test, String suite) {
    this(file(test, suite));
    BEGUN.remove(file);
    begin();
  }

  private CrashReport(Path file) {
    this.file = file;
  }

  private static Path file(Class<?> test, String suite) {
    return DIRECTORY.resolve("%s-%s.txt".formatted(test.getSimpleName(), suite));
  }

  /** Returns the report of a test class to which each of its tests adds something. */
  static CrashReport ofEach(Class<?> test, String suite) {
    CrashReport report = new CrashReport(file(test, suite));
    report.begin();
    return report;
  }

  private void begin() {
    if (!BEGUN.add(file)) {
      return;
    }
    try {
      // It may be a link, which older JDKs don't take for a directory here.
      if (!Files.isDirectory(DIRECTORY)) {
        Files.createDirectories(DIRECTORY);
      }
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

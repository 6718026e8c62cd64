package io.cistern.examples.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The file that Cistern logs to; see logback.xml. */
final class CisternLog {
  private static final String PROPERTY = "cistern.demo.log";
  private static final Pattern TIME = Pattern.compile("^[0-9:.]+ ");

  private final Path file;
  private final Path pool;
  private int mark;

  /** Directs the log to the file; for that, nothing may have been logged yet. */
  CisternLog(Path file, Path pool) {
    this.file = file;
    this.pool = pool;
    System.setProperty(PROPERTY, file.toString());
  }

  /** Remembers how far the log is now. */
  void mark() throws IOException {
    mark = all().size();
  }

  /** Returns the lines since the mark, without the time, names as they are within the pool. */
  List<String> sinceMark() throws IOException {
    List<String> lines = all();
    return lines.subList(mark, lines.size()).stream()
        .map(line -> TIME.matcher(line).replaceFirst("").replace(pool + "/", ""))
        .toList();
  }

  private List<String> all() throws IOException {
    return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.of();
  }
}

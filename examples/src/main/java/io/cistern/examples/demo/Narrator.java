package io.cistern.examples.demo;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Prints what happens, in plain text, and holds it against what was expected. */
final class Narrator {
  static final int WIDTH = 96;
  private static final String INDENT = "   ";

  private final PrintStream out;
  private final boolean terminal;

  Narrator(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  void title(String text) {
    String rule = "-".repeat(Math.max(0, WIDTH - text.length() - 4));
    out.println();
    out.println(emphasised("-- " + text) + " " + rule);
    out.println();
  }

  /** Prints a paragraph. */
  void say(String text) {
    wrapped(INDENT, text);
  }

  /** Prints the calls that are made now. */
  void java(String... calls) {
    out.println();
    for (String call : calls) {
      out.println(INDENT + "java   " + call);
    }
    out.println();
  }

  /** Prints a line as it is. */
  void line(String text) {
    out.println((INDENT + text).stripTrailing());
  }

  void blank() {
    out.println();
  }

  /** Prints a table, the columns as wide as they must be; the first row is the heading. */
  void table(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, column -> Math.max(widths[column], row.get(column).length()));
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(widths[column] - cell.length() + 3));
      }
      line(line.toString());
    }
  }

  /** Prints a progress bar; on a terminal over the one before. */
  void progress(long done, long total) {
    int full = 40;
    int filled = total == 0 ? full : (int) (full * done / total);
    String bar =
        "%s[%s%s] %s of %s"
            .formatted(
                INDENT,
                "#".repeat(filled),
                ".".repeat(full - filled),
                Amounts.bytes(done),
                Amounts.bytes(total));
    if (terminal) {
      out.print("\r" + bar + (done == total ? System.lineSeparator() : ""));
      out.flush();
    } else if (done == total) {
      out.println(bar);
    }
  }

  /** Prints that something is as it should be, or fails. */
  void check(String expectation, boolean holds) {
    if (!holds) {
      throw new ExpectationException(expectation);
    }
    wrapped(INDENT + "[ok] ", expectation);
  }

  /** Prints that two things are equal, or fails and names both. */
  void checkSame(String expectation, Object expected, Object found) {
    if (!Objects.equals(expected, found)) {
      throw new ExpectationException(
          "%s: expected <%s>, found <%s>".formatted(expectation, expected, found));
    }
    check(expectation, true);
  }

  /** Prints how something is refused, or fails if it is not. */
  void checkRefused(String attempt, Code code, CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      StorageException refusal = StorageException.in(e);
      if (refusal == null || refusal.code() != code) {
        throw e;
      }
      checkRefusal(attempt, code, String.valueOf(refusal.getMessage()));
      return;
    }
    throw new ExpectationException(attempt + " is refused with " + code + ", but it succeeded");
  }

  /** Prints a refusal that happened elsewhere, or fails if it has another code. */
  void checkRefusal(String attempt, Code code, String message) {
    if (!message.endsWith("[" + code + "]")) {
      throw new ExpectationException(
          "%s is refused with %s: found <%s>".formatted(attempt, code, message));
    }
    wrapped(INDENT + "[ok] ", attempt + " is refused:");
    wrapped(INDENT + "     > ", message);
  }

  private void wrapped(String indent, String text) {
    String hanging = " ".repeat(indent.length());
    StringBuilder line = new StringBuilder(indent);
    boolean empty = true;
    for (String word : text.strip().split("\\s+", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        out.println(line);
        line = new StringBuilder(hanging);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    out.println(line);
  }

  private String emphasised(String text) {
    return terminal ? "\033[1m" + text + "\033[0m" : text;
  }
}

package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Form;
import io.cistern.driver.file.Recorded.KeptRevision;
import io.cistern.driver.file.Recorded.Pending;
import io.cistern.driver.file.Recorded.Session;
import io.cistern.storage.RevisionId;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/** A {@link Recorded} as text, for the file and for whoever looks into it. */
final class RecordedText {
  private static final String FORMAT = "1";

  private RecordedText() {}

  static String write(Recorded recorded) {
    StringBuilder text = new StringBuilder();
    text.append("# Cistern: what is known of the disk image beside this file. Do not edit.\n");
    line(text, "format", FORMAT);
    line(text, "content", recorded.content());
    line(text, "next_revision", recorded.nextRevision());
    line(text, "session", word(recorded.session()));
    recorded.committedSize().ifPresent(size -> line(text, "committed_size", size));
    line(text, "pending", word(recorded.pending()));
    recorded
        .revision()
        .ifPresent(
            kept -> {
              line(text, "revision", kept.id().number());
              line(text, "revision_created", kept.created().truncatedTo(ChronoUnit.SECONDS));
              line(text, "revision_size", kept.size());
              line(text, "revision_form", word(kept.form()));
            });
    recorded.source().ifPresent(content -> line(text, "source_content", content));
    return text.toString();
  }

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if it can't be
   */
  static Recorded read(String text) {
    Entries entries = new Entries(text);
    if (!entries.get("format").equals(FORMAT)) {
      throw new IllegalArgumentException("the format is not " + FORMAT);
    }
    return new Recorded(
        entries.get("content"),
        entries.number("next_revision"),
        entries.word(Session.class, "session"),
        entries.find("committed_size").map(Long::parseLong).map(OptionalLong::of).orElse(NONE),
        entries.word(Pending.class, "pending"),
        entries.find("revision").isPresent() ? Optional.of(revision(entries)) : Optional.empty(),
        entries.find("source_content"));
  }

  private static final OptionalLong NONE = OptionalLong.empty();

  private static KeptRevision revision(Entries entries) {
    return new KeptRevision(
        new RevisionId(entries.number("revision")),
        Instant.parse(entries.get("revision_created")),
        entries.number("revision_size"),
        entries.word(Form.class, "revision_form"));
  }

  private static void line(StringBuilder text, String key, Object value) {
    text.append(key).append('=').append(value).append('\n');
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Keys and values. */
  private static final class Entries {
    private final Properties properties = new Properties();

    Entries(String text) {
      try {
        properties.load(new StringReader(text));
      } catch (IOException e) {
        throw new IllegalArgumentException(e);
      }
    }

    Optional<String> find(String key) {
      return Optional.ofNullable(properties.getProperty(key));
    }

    String get(String key) {
      return find(key).orElseThrow(() -> new IllegalArgumentException("it has no '" + key + "'"));
    }

    long number(String key) {
      return Long.parseLong(get(key));
    }

    <E extends Enum<E>> E word(Class<E> type, String key) {
      return Enum.valueOf(type, get(key).toUpperCase(Locale.ROOT));
    }
  }
}

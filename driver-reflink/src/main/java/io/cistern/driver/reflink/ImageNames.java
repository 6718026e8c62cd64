package io.cistern.driver.reflink;

import io.cistern.directory.VolumePath;
import io.cistern.storage.RevisionId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a volume's files, in its directory.
 *
 * <pre>
 * private.img                            the clean image
 * private-dirty.img                      the session's
 * private-import.img                     an import in progress
 * private-export-7.img                   content pinned for a reader
 * private.img.123@2018-01-02T03:04:05Z   revision 123; the number orders, the time informs
 * private.img.next-124                   the next revision's number, once no name carries 123
 * private.img~create, ~dirty, ~resize    what is not finished
 * private.img~removed                    the tombstone: the volume is removed, the rest will go
 * </pre>
 *
 * @param place where the volume's files are
 */
record ImageNames(VolumePath place) {
  static final String IMAGE = ".img";
  private static final int MAX_DIGITS = 18;
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
  private static final Pattern REVISION =
      Pattern.compile("([1-9][0-9]{0,17})@(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ)");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

  /** What is made under a name of its own before it gets its final one. */
  enum Unfinished {
    CREATE,
    DIRTY,
    RESIZE
  }

  /**
   * The name of a revision.
   *
   * @param name the file's name
   * @param id its number
   * @param created its time
   */
  record RevisionName(String name, RevisionId id, Instant created) {}

  static ImageNames of(String vid) {
    return new ImageNames(VolumePath.of(vid));
  }

  String clean() {
    return place.last() + IMAGE;
  }

  String dirty() {
    return place.last() + "-dirty" + IMAGE;
  }

  String imported() {
    return place.last() + "-import" + IMAGE;
  }

  String export(long number) {
    return exportPrefix() + number + IMAGE;
  }

  String tombstone() {
    return clean() + "~removed";
  }

  String unfinished(Unfinished what) {
    return clean() + "~" + what.name().toLowerCase(java.util.Locale.ROOT);
  }

  String revision(long number, Instant now) {
    return clean() + "." + number + "@" + writable(now).truncatedTo(ChronoUnit.SECONDS);
  }

  String counter(long next) {
    return counterPrefix() + next;
  }

  boolean isUnfinished(String name) {
    for (Unfinished what : Unfinished.values()) {
      if (name.equals(unfinished(what))) {
        return true;
      }
    }
    return false;
  }

  boolean isExport(String name) {
    return number(name, exportPrefix(), IMAGE).isPresent();
  }

  /** Returns the number that a counter file's name carries; empty for any other name. */
  OptionalLong counterNumber(String name) {
    return number(name, counterPrefix(), "");
  }

  /** Reads the name of a revision; empty for any other name, malformed ones included. */
  Optional<RevisionName> parseRevision(String name) {
    String prefix = clean() + ".";
    if (!name.startsWith(prefix)) {
      return Optional.empty();
    }
    Matcher matcher = REVISION.matcher(name.substring(prefix.length()));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      RevisionId id = new RevisionId(Long.parseLong(matcher.group(1)));
      return Optional.of(new RevisionName(name, id, Instant.parse(matcher.group(2))));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static long maxNumber() {
    return Long.parseLong("9".repeat(MAX_DIGITS));
  }

  /** A clock that has run away must not make a name that can't be read again. */
  private static Instant writable(Instant now) {
    return now.isBefore(Instant.EPOCH) || now.isAfter(LATEST) ? Instant.EPOCH : now;
  }

  private String exportPrefix() {
    return place.last() + "-export-";
  }

  private String counterPrefix() {
    return clean() + ".next-";
  }

  private static OptionalLong number(String name, String prefix, String suffix) {
    if (!name.startsWith(prefix)
        || !name.endsWith(suffix)
        || name.length() < prefix.length() + suffix.length()) {
      return OptionalLong.empty();
    }
    String digits = name.substring(prefix.length(), name.length() - suffix.length());
    return NUMBER.matcher(digits).matches()
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }
}

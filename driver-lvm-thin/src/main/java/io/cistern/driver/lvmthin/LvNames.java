package io.cistern.driver.lvmthin;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a volume's logical volumes: {@code vm-}, the encoded vid, and a suffix for the role.
 * Names of what is going to be removed are never used twice, so that a removal that comes late
 * can't hit something newer. Where a name is taken by a logical volume that is not ours, {@code +2}
 * to {@code +9} is added; no encoded vid ends so.
 *
 * @param base the encoded vid
 */
record LvNames(String base) {
  private static final String PREFIX = "vm-";
  private static final int MOST_TRIES = 9;
  private static final String LONGEST_SUFFIX = "-replaced-" + "0".repeat(ContentIds.DIGITS) + "+9";

  private static final Pattern SUFFIX =
      Pattern.compile(
          "(?<role>|-snap|-import|-next|-replaced-\\w+|-dropped-\\w+|-removed-\\w+|-export-\\d+"
              + "|-(?<number>\\d{1,18})(\\.(?<time>\\d{1,12}))?-back)(\\+[2-9])?");

  /** What a name says. */
  record Parsed(LvRole role, long number, long time) {
    private static final Parsed UNKNOWN = new Parsed(LvRole.UNKNOWN, 0, 0);
  }

  static String longest(String base) {
    return PREFIX + base + LONGEST_SUFFIX;
  }

  String content() {
    return PREFIX + base;
  }

  String session() {
    return content() + "-snap";
  }

  String imported() {
    return content() + "-import";
  }

  String next() {
    return content() + "-next";
  }

  String replaced(String id) {
    return content() + "-replaced-" + id;
  }

  String dropped(String id) {
    return content() + "-dropped-" + id;
  }

  String removed(String id) {
    return content() + "-removed-" + id;
  }

  String export(long number) {
    return content() + "-export-" + number;
  }

  /**
   * Names a revision.
   *
   * @param number its number
   * @param time when it was made, in seconds; usually the same
   */
  String revision(long number, long time) {
    return content() + "-" + number + (time == number ? "" : "." + time) + "-back";
  }

  /** Reads a name of one of this volume's logical volumes. */
  Parsed parse(String name) {
    if (!name.startsWith(content())) {
      return Parsed.UNKNOWN;
    }
    Matcher matcher = SUFFIX.matcher(name.substring(content().length()));
    if (!matcher.matches()) {
      return Parsed.UNKNOWN;
    }
    String number = matcher.group("number");
    if (number != null) {
      String time = matcher.group("time");
      long parsed = Long.parseLong(number);
      return new Parsed(LvRole.REVISION, parsed, time == null ? parsed : Long.parseLong(time));
    }
    return new Parsed(role(matcher.group("role")), 0, 0);
  }

  private static LvRole role(String suffix) {
    if (suffix.isEmpty()) {
      return LvRole.CONTENT;
    }
    int end = suffix.indexOf('-', 1);
    return switch (suffix.substring(1, end < 0 ? suffix.length() : end)) {
      case "snap" -> LvRole.SESSION;
      case "import" -> LvRole.IMPORT;
      case "next" -> LvRole.NEXT;
      case "replaced" -> LvRole.REPLACED;
      case "dropped" -> LvRole.DROPPED;
      case "removed" -> LvRole.REMOVED;
      default -> LvRole.EXPORT;
    };
  }

  /** Returns a name that nobody has. */
  static String free(String wanted, Set<String> taken) {
    String name = wanted;
    for (int i = 2; taken.contains(name) && i <= MOST_TRIES; i++) {
      name = wanted + "+" + i;
    }
    return name;
  }
}

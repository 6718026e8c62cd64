package io.cistern.driver.lvmthin;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /** With numbers that will do for 300 years. */
  private static final String LONGEST_SUFFIX = "-1234567890.1234567890.1234567890-back+9";

  private static final Pattern SUFFIX =
      Pattern.compile(
          "(?<role>|-snap|-import|-next|-replaced-\\w+(\\.(?<all>\\d{1,12}))?|-dropped-\\w+"
              + "|-removed-\\w+|-export-\\d+"
              + "|-(?<number>\\d{1,12})(\\.(?<time>\\d{0,12})(\\.(?<floor>\\d{1,12}))?)?-back)"
              + "(\\+[2-9])?");

  /**
   * What a name says.
   *
   * @param role what it is
   * @param number of a revision, else 0
   * @param time when it became a revision, in seconds
   * @param floor revisions with lower numbers than this were given up when it got its name; 0 for
   *     none
   */
  record Parsed(LvRole role, long number, long time, long floor) {
    private static final Parsed UNKNOWN = new Parsed(LvRole.UNKNOWN, 0, 0, 0);
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

  /**
   * Names content that is not kept.
   *
   * @param floor revisions with lower numbers are given up with it; 0 for none
   */
  String replaced(String id, long floor) {
    return content() + "-replaced-" + id + (floor > 0 ? "." + floor : "");
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
   * @param time when it was made, in seconds; usually the same, and then left out
   * @param floor revisions with lower numbers are given up with it; 0 for none
   */
  String revision(long number, long time, long floor) {
    String shown = time == number ? "" : Long.toString(time);
    String more = floor > 0 ? "." + shown + "." + floor : shown.isEmpty() ? "" : "." + shown;
    return content() + "-" + number + more + "-back";
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
      long parsed = Long.parseLong(number);
      long time = number(matcher.group("time"));
      long floor = number(matcher.group("floor"));
      return new Parsed(LvRole.REVISION, parsed, time == 0 ? parsed : time, floor);
    }
    return new Parsed(role(matcher.group("role")), 0, 0, number(matcher.group("all")));
  }

  private static long number(@Nullable String digits) {
    return digits == null || digits.isEmpty() ? 0 : Long.parseLong(digits);
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

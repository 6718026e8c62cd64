package io.cistern.storage;

import io.cistern.storage.StorageException.Code;
import java.util.regex.Pattern;

/**
 * The name of a volume: its pool, and within it the vid, one or more components separated by {@code
 * /} ({@code appvms/foo/private}).
 *
 * <p>Checked here are the rules that hold for every driver (rule 202): no part is empty, and none
 * starts with {@code -} or {@code .}; the vid is not absolute and holds no control character. A
 * driver refuses more (what is too long, what reads like another of its own names).
 *
 * @param pool the pool's name: letters, digits, {@code _ . -}, starting with a letter or a digit
 * @param vid the name within the pool
 */
public record VolumeId(String pool, String vid) implements Comparable<VolumeId> {
  private static final Pattern POOL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

  /**
   * Checks both names.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} naming what is wrong
   */
  public VolumeId {
    checkPoolName(pool);
    checkVid(vid);
  }

  /**
   * Reads what {@link #toString()} wrote.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} if it is no volume's name
   */
  public static VolumeId parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw refuse(text, "it has no ':' between pool and vid");
    }
    return new VolumeId(text.substring(0, colon), text.substring(colon + 1));
  }

  @Override
  public int compareTo(VolumeId other) {
    int byPool = pool.compareTo(other.pool);
    return byPool != 0 ? byPool : vid.compareTo(other.vid);
  }

  /** Returns {@code pool:vid}. */
  @Override
  public String toString() {
    return pool + ":" + vid;
  }

  static void checkPoolName(String name) {
    if (!POOL_NAME.matcher(name).matches()) {
      throw new StorageException(
          Code.INVALID_ARGUMENT,
          "pool '" + printable(name) + "'",
          "use this name",
          "a pool's name has letters, digits and _ . - only, and starts with a letter or a digit",
          "Choose another name");
    }
  }

  static void checkVid(String vid) {
    if (vid.isEmpty()) {
      throw refuse(vid, "it is empty");
    }
    if (vid.startsWith("/")) {
      throw refuse(vid, "it is absolute");
    }
    if (vid.chars().anyMatch(Character::isISOControl)) {
      throw refuse(vid, "it has a control character");
    }
    if (!hasOnlyWholeCharacters(vid)) {
      throw refuse(vid, "it has half of a surrogate pair, which no file name can hold");
    }
    for (String component : vid.split("/", -1)) {
      checkComponent(vid, component);
    }
  }

  private static void checkComponent(String vid, String component) {
    if (component.isEmpty()) {
      throw refuse(vid, "it has an empty component");
    }
    if (component.startsWith(".") || component.startsWith("-")) {
      throw refuse(vid, "its component '%s' starts with '.' or '-'".formatted(component));
    }
  }

  private static boolean hasOnlyWholeCharacters(String text) {
    return text.codePoints()
        .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  private static StorageException refuse(String vid, String obstacle) {
    return new StorageException(
        Code.INVALID_ARGUMENT,
        "vid '" + printable(vid) + "'",
        "use this name",
        obstacle,
        "Choose a relative name such as 'appvms/foo/private'");
  }

  private static String printable(String text) {
    return text.codePoints()
        .mapToObj(
            point ->
                Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE
                    ? "\\u%04x".formatted(point)
                    : Character.toString(point))
        .reduce("", String::concat);
  }
}

package io.cistern.driver.lvmthin;

import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A logical volume of whatever kind under a name that the driver gives, or beside it.
 *
 * @param name its name
 * @param isThin whether it is in the thin pool; one that is not can't be the driver's
 * @param tags as the driver gives them, or not quite; without any an operator has made it
 * @param extents its size
 * @param content what it begins with
 */
record ClutteredLv(String name, boolean isThin, List<String> tags, int extents, byte[] content) {
  private static final List<String> SUFFIXES =
      List.of(
          "",
          "-snap",
          "-import",
          "-next",
          "-1-back",
          "-2-back",
          "-9-back",
          "-9.8.7-back",
          "-0-back",
          "-999999999999999999-back",
          "-mine-back",
          "-export-1",
          "-replaced-abc",
          "-replaced-abc.5",
          "-dropped-abc",
          "-removed-abc",
          "-other");

  private static final int KINDS = 8;
  private static final int MOST_EXTENTS = 8;
  private static final int MOST_BYTES = 1 << 16;

  /**
   * Tells whether it can't become the driver's: what is not in the thin pool, and without tags all
   * but what would be adopted.
   */
  boolean isForeign(String vid) {
    boolean hasTags = LvTags.parse(Set.copyOf(tags)).isPresent();
    LvRole role = new LvNames(VolumeNames.encode(vid)).parse(name).role();
    return !isThin || (!hasTags && !Adoption.ADOPTED.contains(role));
  }

  /** Makes one up that looks like one of this volume. */
  static ClutteredLv any(String vid, Random random) {
    String base = VolumeNames.encode(vid);
    String suffix = SUFFIXES.get(random.nextInt(SUFFIXES.size()));
    int kind = random.nextInt(KINDS);
    byte[] content = new byte[1 + random.nextInt(MOST_BYTES)];
    random.nextBytes(content);
    return new ClutteredLv(
        new LvNames(base).content() + suffix,
        kind > 0,
        tags(kind, base, random),
        1 + random.nextInt(MOST_EXTENTS),
        content);
  }

  private static List<String> tags(int kind, String base, Random random) {
    LvTags tags = LvTags.fresh(base);
    return switch (kind) {
      case 1, 2 -> tags.texts();
      case 3 -> tags.last(random.nextInt(20)).texts();
      case 4 -> List.of("cistern.volume=" + base);
      case 5 -> List.of("cistern.content=x", LvTags.IN_PLACE);
      case 6 -> LvTags.fresh("another-volume").texts();
      default -> List.of();
    };
  }
}

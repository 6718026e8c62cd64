package io.cistern.driver.lvmthin;

import java.util.List;

/**
 * What becomes of the content that is replaced, and of the revisions there are.
 *
 * @param keepsReplaced whether the content becomes a revision
 * @param revisions how many there may be afterwards
 */
record Retention(boolean keepsReplaced, int revisions) {
  /** The content is not kept, and no revision is given up. */
  static final Retention NONE_MADE = new Retention(false, Integer.MAX_VALUE);

  /** The content becomes a revision, and no other is given up. */
  static final Retention ONE_MORE = new Retention(true, Integer.MAX_VALUE);

  /** As a commit does: the oldest are given up until there are as many as are to be kept. */
  static Retention keeping(int revisions) {
    return new Retention(revisions > 0, revisions);
  }

  /**
   * Returns below which number revisions are given up; 0 for none.
   *
   * @param older what there is, oldest first
   * @param number the number of the next one
   */
  long floor(List<ThinLv> older, long number) {
    long excess = (long) older.size() + (keepsReplaced ? 1 : 0) - revisions;
    if (excess <= 0) {
      return 0;
    }
    return excess < older.size() ? older.get((int) excess).number() : number;
  }
}

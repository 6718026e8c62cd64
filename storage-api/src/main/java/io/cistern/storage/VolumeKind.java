package io.cistern.storage;

/**
 * The four kinds of volume; they follow from two flags, and nothing asks anything but these.
 *
 * @see VolumeConfig
 */
public enum VolumeKind {
  /** Fresh and empty at each start, discarded at stop: swap, scratch space. */
  VOLATILE(false, false),
  /** A snapshot of its source at each start, discarded at stop: the root disk of a templated VM. */
  SNAPSHOT(true, false),
  /** A snapshot of itself at start; the stop commits it, and the old content is a revision. */
  ORIGIN(false, true),
  /** A snapshot of its source at each start; the stop commits it, for exports and revisions. */
  ORIGIN_SNAPSHOT(true, true);

  private final boolean snapOnStart;
  private final boolean saveOnStop;

  VolumeKind(boolean snapOnStart, boolean saveOnStop) {
    this.snapOnStart = snapOnStart;
    this.saveOnStop = saveOnStop;
  }

  /** Returns the kind that has these two flags. */
  public static VolumeKind of(boolean snapOnStart, boolean saveOnStop) {
    if (snapOnStart) {
      return saveOnStop ? ORIGIN_SNAPSHOT : SNAPSHOT;
    }
    return saveOnStop ? ORIGIN : VOLATILE;
  }

  /** Returns whether each start takes its content from a source. */
  public boolean snapOnStart() {
    return snapOnStart;
  }

  /** Returns whether a stop commits what was written. */
  public boolean saveOnStop() {
    return saveOnStop;
  }
}

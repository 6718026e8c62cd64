package io.cistern.storage;

/**
 * What a pool can do beyond the ground that every driver covers.
 *
 * <p>A {@linkplain #isFeature() feature} that a pool does not claim is refused with {@link
 * StorageException.Code#UNSUPPORTED}. A quality that it does not claim changes no result: the same
 * thing is only slower or takes more space.
 */
public enum Capability {
  /** Feature: volumes of the kind {@link VolumeKind#ORIGIN_SNAPSHOT}. */
  SNAP_AND_SAVE(true),
  /** Feature: a commit keeps the replaced content as a revision. */
  REVISIONS(true),
  /** Feature: a revision can become the content again. */
  REVERT(true),
  /** Feature: a started volume can grow, and its device follows. */
  ONLINE_RESIZE(true),
  /** Feature: a stopped volume can shrink, with {@link ResizeOption#ALLOW_SHRINK}. */
  SHRINK(true),
  /** Feature: {@link Volume#isOutdated()}. */
  OUTDATED_CHECK(true),
  /** Feature: exports, clones and snapshots of a volume that is started. */
  EXPORT_WHILE_RUNNING(true),
  /** Feature: volumes with {@code revisionsToKeep = -1}, whose VM writes the only copy. */
  IN_PLACE(true),
  /** Quality: snapshots and clones within the pool share blocks and take no time to speak of. */
  INSTANT_CLONE(false),
  /** Quality: what a VM discards is free in the pool, at the latest after the commit. */
  DISCARD(false);

  private final boolean feature;

  Capability(boolean feature) {
    this.feature = feature;
  }

  /** Returns whether this is a feature (refused where unclaimed) and not a quality. */
  public boolean isFeature() {
    return feature;
  }
}

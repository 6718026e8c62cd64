package io.cistern.storage;

import java.util.OptionalLong;

/**
 * The space that a volume takes in its pool, in bytes; what is not known is empty (rule 703).
 *
 * @param used what its own image takes: the dirty one if there is a session, else the clean one;
 *     blocks shared with other images count in full
 * @param exclusive how much of it no other image shares, thus what removing it would free
 * @param revisions what its revisions take, shared blocks counted in full
 */
public record VolumeUsage(OptionalLong used, OptionalLong exclusive, OptionalLong revisions) {
  private static final VolumeUsage UNKNOWN =
      new VolumeUsage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  /** Returns the usage of a volume about which nothing is known. */
  public static VolumeUsage unknown() {
    return UNKNOWN;
  }

  /** Returns a usage that knows only what the volume's own image takes. */
  public static VolumeUsage ofUsed(long used) {
    return new VolumeUsage(OptionalLong.of(used), OptionalLong.empty(), OptionalLong.empty());
  }
}

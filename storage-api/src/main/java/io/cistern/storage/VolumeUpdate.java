package io.cistern.storage;

import io.cistern.storage.StorageException.Code;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The settings that {@link Volume#update} changes; what is empty stays as it is.
 *
 * @param rw whether a VM may write to the volume
 * @param revisionsToKeep how many revisions a commit keeps; -1 means in place
 */
public record VolumeUpdate(Optional<Boolean> rw, OptionalInt revisionsToKeep) {
  /**
   * Checks the number.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} for a number below -1
   */
  public VolumeUpdate {
    checkRevisionsToKeep("any", revisionsToKeep);
  }

  /** Returns an update of {@code rw} alone. */
  public static VolumeUpdate rw(boolean value) {
    return new VolumeUpdate(Optional.of(value), OptionalInt.empty());
  }

  /** Returns an update of {@code revisionsToKeep} alone. */
  public static VolumeUpdate revisionsToKeep(int value) {
    return new VolumeUpdate(Optional.empty(), OptionalInt.of(value));
  }

  static void checkRevisionsToKeep(String vid, OptionalInt value) {
    if (value.orElse(0) < -1) {
      throw new StorageException(
          Code.INVALID_ARGUMENT,
          "volume " + vid,
          "keep " + value.getAsInt() + " revisions",
          "that is below -1",
          "Give the number of revisions to keep, or -1 for a volume without snapshots at start");
    }
  }
}

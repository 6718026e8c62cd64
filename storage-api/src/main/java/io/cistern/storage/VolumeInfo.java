package io.cistern.storage;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * All that a UI or an admin API shows of a volume, in one answer.
 *
 * @param id which volume
 * @param kind its kind
 * @param source where its content comes from at a start, for the kinds with {@code snapOnStart}
 * @param state whether it is started
 * @param size of the image there is, in bytes (rule 601)
 * @param usage the space it takes
 * @param rw whether a VM may write to it
 * @param revisionsToKeep how many revisions a commit keeps; -1 means in place
 * @param revisions those there are, oldest first
 * @param isDirty whether it has an uncommitted session (rule 701)
 * @param isOutdated whether it runs on a content that its source has left behind (rule 702); empty
 *     where the driver can't tell
 * @param isImporting whether an import into it is running
 */
public record VolumeInfo(
    VolumeId id,
    VolumeKind kind,
    Optional<VolumeId> source,
    VolumeState state,
    OptionalLong size,
    VolumeUsage usage,
    boolean rw,
    int revisionsToKeep,
    List<Revision> revisions,
    boolean isDirty,
    Optional<Boolean> isOutdated,
    boolean isImporting) {
  /** Copies the list. */
  public VolumeInfo {
    revisions = List.copyOf(revisions);
  }
}

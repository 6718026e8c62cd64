package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageException.Code;
import java.util.Optional;
import java.util.Set;

/**
 * What a volume gives to who takes its committed content: a start of a snapshot, a clone, an
 * export.
 *
 * @param refusals why it gives nothing
 * @param content what it gives otherwise
 * @param version which content that is
 */
record Offer(
    Set<Code> refusals, Optional<Content> content, Optional<ModelContents.Version> version) {
  static Offer of(ModelVolume volume) {
    boolean hasSession = volume.hasSession();
    Set<Code> refusals =
        new Refusals()
            .when(!volume.saves(), Code.UNSUPPORTED)
            .when(volume.committed().isEmpty(), Code.VOLUME_NOT_FOUND)
            .when(volume.isInPlace() && hasSession, Code.VOLUME_IN_USE)
            .when(hasSession && !volume.can(Capability.EXPORT_WHILE_RUNNING), Code.UNSUPPORTED)
            .codes();
    return refusals.isEmpty()
        ? new Offer(refusals, volume.committed(), Optional.of(volume.version()))
        : new Offer(refusals, Optional.empty(), Optional.empty());
  }
}

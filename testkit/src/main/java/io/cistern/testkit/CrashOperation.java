package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeUpdate;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is interrupted, and the state of the volume in which it begins. */
enum CrashOperation {
  CREATE(Beginning.ABSENT),
  START(Beginning.STOPPED),
  STOP(Beginning.STARTED),
  DISCARD(Beginning.STARTED),
  RESIZE(Beginning.STOPPED),
  SHRINK(Beginning.STOPPED),
  RESIZE_STARTED(Beginning.STARTED),
  REVERT(Beginning.STOPPED),
  REVERT_KEEPING_NOTHING(Beginning.STOPPED),
  REMOVE_REVISION(Beginning.STOPPED),
  REMOVE(Beginning.STOPPED),
  IMPORT(Beginning.STOPPED),
  FIRST_IMPORT(Beginning.ABSENT),
  CLONE(Beginning.STOPPED),
  EXPORT(Beginning.STOPPED);

  /** States of a volume. */
  enum Beginning {
    ABSENT,
    /** With as many commits as fill its revisions. */
    STOPPED,
    /** The same, started, with writes of which the VM has flushed the first half. */
    STARTED
  }

  private final Beginning beginning;

  CrashOperation(Beginning beginning) {
    this.beginning = beginning;
  }

  Beginning beginning() {
    return beginning;
  }

  CompletableFuture<?> run(Volume volume) {
    return switch (this) {
      case CREATE -> volume.create();
      case START -> volume.start();
      case STOP -> volume.stop();
      case DISCARD -> volume.stop(StopMode.DISCARD);
      case RESIZE, RESIZE_STARTED -> volume.resize(2 * CrashCase.SIZE);
      case SHRINK -> volume.resize(CrashCase.SIZE / 2, ResizeOption.ALLOW_SHRINK);
      case REVERT -> volume.revert();
      case REVERT_KEEPING_NOTHING ->
          volume.update(VolumeUpdate.revisionsToKeep(0)).thenCompose(updated -> volume.revert());
      case REMOVE_REVISION -> removeNewestRevision(volume);
      case REMOVE -> volume.remove();
      case IMPORT, FIRST_IMPORT ->
          volume.importFrom(GatedChannel.open(Content.random(47, CrashCase.SIZE)), CrashCase.SIZE);
      case CLONE -> volume.importVolume(volume.pool().volume(CrashCase.source()));
      case EXPORT -> volume.export().thenCompose(VolumeExport::closeAsync);
    };
  }

  private static CompletableFuture<?> removeNewestRevision(Volume volume) {
    return volume
        .revisions()
        .thenCompose(
            all ->
                volume.removeRevision(
                    all.isEmpty() ? new RevisionId(1) : all.get(all.size() - 1).id()));
  }

  /** Tells whether it does something to the volume. */
  boolean changes() {
    return this != EXPORT;
  }

  /** Tells whether it has to work in a full pool, so that somebody can make room. */
  boolean freesSpace() {
    return this == DISCARD || this == REMOVE || this == REMOVE_REVISION;
  }

  /** Tells whether it commits, and prunes revisions after that. */
  boolean commits() {
    return this == STOP || this == IMPORT || this == FIRST_IMPORT || this == CLONE;
  }

  /** Tells whether it does something with volumes of this kind, and is not refused. */
  boolean appliesTo(VolumeKind kind, Set<Capability> capabilities) {
    boolean snapAndSave = kind == VolumeKind.ORIGIN_SNAPSHOT;
    if (snapAndSave && !capabilities.contains(Capability.SNAP_AND_SAVE)) {
      return false;
    }
    return switch (this) {
      case CREATE, RESIZE -> kind == VolumeKind.ORIGIN;
      case SHRINK -> kind == VolumeKind.ORIGIN && capabilities.contains(Capability.SHRINK);
      case START, STOP -> true;
      case RESIZE_STARTED -> capabilities.contains(Capability.ONLINE_RESIZE);
      case REVERT, REVERT_KEEPING_NOTHING ->
          kind.saveOnStop()
              && capabilities.contains(Capability.REVISIONS)
              && capabilities.contains(Capability.REVERT);
      case REMOVE_REVISION -> kind.saveOnStop() && capabilities.contains(Capability.REVISIONS);
      case DISCARD, REMOVE, IMPORT, FIRST_IMPORT, CLONE, EXPORT -> kind.saveOnStop();
    };
  }
}

package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeUpdate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

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
  REVERT_TO_OLDEST(Beginning.STOPPED),
  REMOVE_REVISION(Beginning.STOPPED),
  REMOVE_OLDEST_REVISION(Beginning.STOPPED),
  REMOVE(Beginning.STOPPED),
  IMPORT(Beginning.STOPPED),
  FIRST_IMPORT(Beginning.ABSENT),
  ABORT_IMPORT(Beginning.STOPPED),
  CLONE(Beginning.STOPPED),
  EXPORT(Beginning.STOPPED),
  STOP_KEEPING_NOTHING(Beginning.STARTED, Keeping.NOTHING),
  RESIZE_KEEPING_NOTHING(Beginning.STOPPED, Keeping.NOTHING),
  IMPORT_KEEPING_NOTHING(Beginning.STOPPED, Keeping.NOTHING),
  CLONE_KEEPING_NOTHING(Beginning.STOPPED, Keeping.NOTHING),
  START_IN_PLACE(Beginning.STOPPED, Keeping.ONE_COPY),
  STOP_IN_PLACE(Beginning.STARTED, Keeping.ONE_COPY),
  REMOVE_IN_PLACE(Beginning.STOPPED, Keeping.ONE_COPY),
  START_CRASHED(Beginning.CRASHED),
  STOP_CRASHED(Beginning.CRASHED),
  DISCARD_CRASHED(Beginning.CRASHED),
  START_CRASHED_IN_PLACE(Beginning.CRASHED, Keeping.ONE_COPY),
  STOP_CRASHED_IN_PLACE(Beginning.CRASHED, Keeping.ONE_COPY);

  /** States of a volume. */
  enum Beginning {
    ABSENT,
    /** With as many commits as fill its revisions. */
    STOPPED,
    /** The same, started, with writes of which the VM has flushed the first half. */
    STARTED,
    /** The same, after the end of the process that had started it. */
    CRASHED;

    boolean hasSession() {
      return this == STARTED || this == CRASHED;
    }
  }

  /** What a volume keeps of replaced content. */
  enum Keeping {
    /** Revisions, if the driver can. */
    REVISIONS,
    /** No revisions. */
    NOTHING,
    /** Not even the content that a VM overwrites: it runs in place. */
    ONE_COPY
  }

  private final Beginning beginning;
  private final Keeping keeping;

  CrashOperation(Beginning beginning) {
    this(beginning, Keeping.REVISIONS);
  }

  CrashOperation(Beginning beginning, Keeping keeping) {
    this.beginning = beginning;
    this.keeping = keeping;
  }

  Beginning beginning() {
    return beginning;
  }

  Keeping keeping() {
    return keeping;
  }

  CompletableFuture<?> run(Volume volume) {
    return switch (this) {
      case CREATE -> volume.create();
      case START, START_IN_PLACE, START_CRASHED, START_CRASHED_IN_PLACE -> volume.start();
      case STOP, STOP_KEEPING_NOTHING, STOP_IN_PLACE -> volume.stop();
      case STOP_CRASHED, STOP_CRASHED_IN_PLACE -> volume.stop();
      case DISCARD, DISCARD_CRASHED -> volume.stop(StopMode.DISCARD);
      case RESIZE, RESIZE_STARTED, RESIZE_KEEPING_NOTHING -> volume.resize(2 * CrashCase.SIZE);
      case SHRINK -> volume.resize(CrashCase.SIZE / 2, ResizeOption.ALLOW_SHRINK);
      case REVERT -> volume.revert();
      case REVERT_KEEPING_NOTHING ->
          volume.update(VolumeUpdate.revisionsToKeep(0)).thenCompose(updated -> volume.revert());
      case REVERT_TO_OLDEST -> oldestRevision(volume).thenCompose(volume::revert);
      case REMOVE_REVISION -> newestRevision(volume).thenCompose(volume::removeRevision);
      case REMOVE_OLDEST_REVISION -> oldestRevision(volume).thenCompose(volume::removeRevision);
      case REMOVE, REMOVE_IN_PLACE -> volume.remove();
      case IMPORT, FIRST_IMPORT, IMPORT_KEEPING_NOTHING ->
          volume.importFrom(GatedChannel.open(Content.random(47, CrashCase.SIZE)), CrashCase.SIZE);
      case ABORT_IMPORT -> volume.importData(CrashCase.SIZE).thenCompose(VolumeImport::abort);
      case CLONE, CLONE_KEEPING_NOTHING ->
          volume.importVolume(volume.pool().volume(CrashCase.source()));
      case EXPORT -> volume.export().thenCompose(VolumeExport::closeAsync);
    };
  }

  private static CompletableFuture<RevisionId> newestRevision(Volume volume) {
    return revision(volume, all -> all.get(all.size() - 1));
  }

  private static CompletableFuture<RevisionId> oldestRevision(Volume volume) {
    return revision(volume, all -> all.get(0));
  }

  /** One that is not there if there is none. */
  private static CompletableFuture<RevisionId> revision(
      Volume volume, Function<List<Revision>, Revision> chosen) {
    return volume
        .revisions()
        .thenApply(all -> all.isEmpty() ? new RevisionId(1) : chosen.apply(all).id());
  }

  /** Tells whether it begins a session, or goes on with one. */
  boolean starts() {
    return switch (this) {
      case START, START_IN_PLACE, START_CRASHED, START_CRASHED_IN_PLACE -> true;
      default -> false;
    };
  }

  /**
   * Tells whether one step makes it done, for good. A start is done when the device is there, and
   * has to end the session again if that fails (rule 312); so has what changes a device in use. An
   * import that is given up changes nothing.
   */
  boolean hasSwitch() {
    return switch (this) {
      case START, START_IN_PLACE, RESIZE_STARTED, EXPORT, ABORT_IMPORT -> false;
      case START_CRASHED, START_CRASHED_IN_PLACE -> false;
      default -> true;
    };
  }

  /** Tells whether it has to work in a full pool, so that somebody can make room. */
  boolean freesSpace() {
    return switch (this) {
      case DISCARD, DISCARD_CRASHED -> true;
      case REMOVE, REMOVE_REVISION, REMOVE_OLDEST_REVISION, REMOVE_IN_PLACE -> true;
      default -> false;
    };
  }

  /** Tells whether it commits, and prunes revisions after that. */
  boolean commits() {
    return switch (this) {
      case STOP, STOP_CRASHED, IMPORT, FIRST_IMPORT, CLONE -> true;
      case STOP_KEEPING_NOTHING, IMPORT_KEEPING_NOTHING, CLONE_KEEPING_NOTHING -> true;
      default -> false;
    };
  }

  /** Tells whether it does something with volumes of this kind, and is not refused. */
  boolean appliesTo(VolumeKind kind, Set<Capability> capabilities) {
    boolean snapAndSave = kind == VolumeKind.ORIGIN_SNAPSHOT;
    if (snapAndSave && !capabilities.contains(Capability.SNAP_AND_SAVE)) {
      return false;
    }
    return switch (this) {
      case CREATE, RESIZE, RESIZE_KEEPING_NOTHING -> kind == VolumeKind.ORIGIN;
      case SHRINK -> kind == VolumeKind.ORIGIN && capabilities.contains(Capability.SHRINK);
      case START, STOP, START_CRASHED, STOP_CRASHED -> true;
      case RESIZE_STARTED -> capabilities.contains(Capability.ONLINE_RESIZE);
      case REVERT, REVERT_TO_OLDEST, REVERT_KEEPING_NOTHING ->
          kind.saveOnStop()
              && capabilities.contains(Capability.REVISIONS)
              && capabilities.contains(Capability.REVERT);
      case REMOVE_REVISION, REMOVE_OLDEST_REVISION ->
          kind.saveOnStop() && capabilities.contains(Capability.REVISIONS);
      case DISCARD, REMOVE, IMPORT, FIRST_IMPORT, ABORT_IMPORT, CLONE, EXPORT -> kind.saveOnStop();
      case DISCARD_CRASHED -> kind.saveOnStop();
      case STOP_KEEPING_NOTHING, IMPORT_KEEPING_NOTHING, CLONE_KEEPING_NOTHING -> kind.saveOnStop();
      case START_IN_PLACE,
          STOP_IN_PLACE,
          REMOVE_IN_PLACE,
          START_CRASHED_IN_PLACE,
          STOP_CRASHED_IN_PLACE ->
          kind == VolumeKind.ORIGIN && capabilities.contains(Capability.IN_PLACE);
    };
  }
}

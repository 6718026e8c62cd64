package io.cistern.storage.spi;

import io.cistern.storage.Capability;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Create, remove, revert and update of a volume. */
final class ContentOperations {
  private final AbstractVolume volume;
  private final Execution execution;
  private final VolumeChecks checks;
  private final ResizeOperation resize;

  ContentOperations(AbstractVolume volume, Execution execution, VolumeChecks checks) {
    this.volume = volume;
    this.execution = execution;
    this.checks = checks;
    this.resize = new ResizeOperation(volume, checks);
  }

  CompletableFuture<Volume> create() {
    return execution.operation(
        "create",
        StorageEvent.Type.CREATED,
        report -> {
          checks.changeable("create");
          if (volume.kind() == VolumeKind.ORIGIN) {
            createImage();
            report.happened(StorageEvent.Type.CREATED);
          }
          volume.abstractPool().registry().declared(volume, true);
          return volume;
        });
  }

  CompletableFuture<Void> remove() {
    return execution.operation(
        "remove",
        StorageEvent.Type.REMOVED,
        report -> {
          checks.changeable("remove");
          checkUnused();
          volume.doRemove();
          volume.memory().setStarted(false);
          volume.memory().setBegun(false);
          volume.memory().setUpdated(false);
          volume.abstractPool().registry().declared(volume, false);
          report.happened(StorageEvent.Type.REMOVED);
          return null;
        });
  }

  CompletableFuture<Volume> resize(long size, boolean mayShrink) {
    return execution.operation(
        "resize",
        StorageEvent.Type.RESIZED,
        report -> {
          resize.run(size, mayShrink);
          report.happened(StorageEvent.Type.RESIZED);
          return volume;
        });
  }

  CompletableFuture<Volume> revert(Optional<RevisionId> revision) {
    return execution.operation(
        "revert",
        StorageEvent.Type.REVERTED,
        report -> {
          checks.changeable("revert");
          checks.can(Capability.REVERT, "revert");
          checks.writable("revert");
          checks.noSession("revert");
          volume.doRevert(existing(revision, "revert"), volume.revisionsToKeep() > 0);
          report.happened(StorageEvent.Type.REVERTED);
          return volume;
        });
  }

  CompletableFuture<Volume> removeRevision(RevisionId revision) {
    return execution.operation(
        "remove revision " + revision,
        StorageEvent.Type.REVISION_REMOVED,
        report -> {
          checks.changeable("remove revision " + revision);
          volume.doRemoveRevision(existing(Optional.of(revision), "remove a revision"));
          report.happened(StorageEvent.Type.REVISION_REMOVED);
          return volume;
        });
  }

  CompletableFuture<Volume> update(VolumeUpdate update) {
    return execution.operation(
        "update",
        StorageEvent.Type.UPDATED,
        report -> {
          checks.changeable("update");
          VolumeRegistry registry = volume.abstractPool().registry();
          VolumeConfig now = volume.config();
          while (!registry.configure(volume, now, checkedUpdate(now, update))) {
            now = volume.config();
          }
          volume.memory().setUpdated(true);
          registry.remember(volume);
          report.happened(StorageEvent.Type.UPDATED);
          return volume;
        });
  }

  private VolumeConfig checkedUpdate(VolumeConfig now, VolumeUpdate update) throws IOException {
    VolumeConfig updated = updated(now, update);
    volume.abstractPool().checkSupported(updated, "update " + volume.id());
    if (changesSession(now, updated)) {
      checks.noSession("update");
    }
    return updated;
  }

  private static VolumeConfig updated(VolumeConfig config, VolumeUpdate update) {
    VolumeConfig.Builder builder = config.toBuilder();
    update.rw().ifPresent(builder::rw);
    update.revisionsToKeep().ifPresent(builder::revisionsToKeep);
    return builder.build();
  }

  /** What a session was started with decides how it ends; so it may not change under it. */
  private boolean changesSession(VolumeConfig now, VolumeConfig updated) {
    return now.kind().saveOnStop() && !volume.abstractPool().endAlike(now, updated);
  }

  private void createImage() throws IOException {
    if (volume.doCommittedSize().isPresent() || volume.doSession() != SessionForm.NONE) {
      throw checks.refusal(
          Code.VOLUME_EXISTS,
          "create",
          volume.describeImage() + ", or a session of it, is there already",
          "Use it as it is, or remove it first");
    }
    if (volume.config().size().isEmpty()) {
      throw checks.refusal(
          Code.INVALID_ARGUMENT,
          "create",
          "its configuration has no size",
          "Declare it with a size in bytes");
    }
    checks.positive(volume.config().size().getAsLong(), "create");
    volume.doCreate(volume.nominalSize().orElseThrow());
  }

  private void checkUnused() throws IOException {
    VolumeState state = checks.state();
    if (state != VolumeState.STOPPED && volume.kind().saveOnStop()) {
      checks.noSession("remove");
    }
    checks.begunAsDeclared("remove", volume.doSession());
    if (state == VolumeState.STARTED) {
      throw checks.refusal(Code.VOLUME_IN_USE, "remove", "it is started", "Stop it first");
    }
    List<AbstractVolume> users = volume.abstractPool().registry().declaredWithSource(volume);
    if (!users.isEmpty()) {
      throw checks.refusal(
          Code.VOLUME_IN_USE, "remove", "it is the source of " + users, "Remove those first");
    }
  }

  private RevisionId existing(Optional<RevisionId> wanted, String attempted) throws IOException {
    List<RevisionId> ids = volume.doRevisions().stream().map(Revision::id).toList();
    if (wanted.isPresent() && ids.contains(wanted.get())) {
      return wanted.get();
    }
    if (wanted.isEmpty() && !ids.isEmpty()) {
      return ids.get(ids.size() - 1);
    }
    throw noSuchRevision(wanted, ids, attempted);
  }

  private StorageException noSuchRevision(
      Optional<RevisionId> wanted, List<RevisionId> ids, String attempted) {
    return checks.refusal(
        Code.NO_SUCH_REVISION,
        attempted,
        wanted.map(id -> "there is no revision " + id).orElse("it has no revisions"),
        ids.isEmpty() ? "There are none to choose from" : "There are the revisions " + ids);
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeInfo;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** What can be asked of a volume; nothing here waits for an operation (rule 704). */
final class VolumeQuestions {
  private final AbstractVolume volume;
  private final Execution execution;
  private final VolumeChecks checks;

  VolumeQuestions(AbstractVolume volume, Execution execution, VolumeChecks checks) {
    this.volume = volume;
    this.execution = execution;
    this.checks = checks;
  }

  CompletableFuture<VolumeState> state() {
    return execution.question("tell the state", report -> checks.state());
  }

  CompletableFuture<Volume> verify() {
    return execution.question(
        "verify",
        report -> {
          volume.abstractPool().doCheckReady();
          VolumeState state = checks.state();
          SessionForm left = state == VolumeState.CRASHED ? volume.doSession() : SessionForm.NONE;
          if (state != VolumeState.STARTED && !checks.isContinued(left)) {
            checks.startable("verify");
          }
          return volume;
        });
  }

  CompletableFuture<OptionalLong> size() {
    return execution.question("tell the size", report -> sizeNow());
  }

  CompletableFuture<Boolean> isDirty() {
    return execution.question("tell whether it is dirty", report -> dirtyNow());
  }

  CompletableFuture<Boolean> isOutdated() {
    return execution.question(
        "tell whether it is outdated",
        report -> {
          checks.can(Capability.OUTDATED_CHECK, "tell whether it is outdated");
          return outdatedNow();
        });
  }

  CompletableFuture<BlockDevice> blockDevice() {
    return execution.question(
        "tell the device",
        report -> {
          if (checks.state() != VolumeState.STARTED) {
            throw checks.refusal(
                Code.VOLUME_NOT_FOUND, "tell the device", "it is not started", "Start it");
          }
          return checks.device();
        });
  }

  CompletableFuture<VolumeInfo> info() {
    return execution.question("tell about it", report -> infoNow());
  }

  private VolumeInfo infoNow() throws IOException {
    VolumeConfig config = volume.config();
    boolean tellsOutdated =
        volume.abstractPool().capabilities().contains(Capability.OUTDATED_CHECK);
    return new VolumeInfo(
        volume.id(),
        config.kind(),
        config.source(),
        checks.state(),
        sizeNow(),
        volume.doUsage(),
        config.rw(),
        volume.configuredRevisions(),
        volume.doRevisions(),
        dirtyNow(),
        tellsOutdated ? Optional.of(outdatedNow()) : Optional.empty(),
        volume.memory().isImporting());
  }

  private OptionalLong sizeNow() throws IOException {
    OptionalLong size = volume.doSessionSize();
    if (size.isEmpty() && volume.kind().saveOnStop()) {
      size = volume.doCommittedSize();
    }
    return size.isPresent() ? size : checks.sizeAtStart();
  }

  private boolean dirtyNow() throws IOException {
    if (!volume.kind().saveOnStop()) {
      return false;
    }
    return volume.memory().isStarted() || volume.doSession() != SessionForm.NONE;
  }

  private boolean outdatedNow() throws IOException {
    return volume.kind().snapOnStart()
        && volume.doSession() != SessionForm.NONE
        && checks.state() == VolumeState.STARTED
        && volume.doOutdated(checks.source());
  }
}

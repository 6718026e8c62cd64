package io.cistern.storage.spi;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeKind;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What is asked of a pool, and before a volume is declared; the same for all drivers. */
final class PoolChecks {
  private final AbstractPool pool;
  private final Execution execution;

  PoolChecks(AbstractPool pool, Execution execution) {
    this.pool = pool;
    this.execution = execution;
  }

  /** Rule 201 and what the driver adds. */
  void declarable(VolumeConfig volume) {
    String attempted = "declare " + volume.vid();
    VolumeId id = new VolumeId(pool.name(), volume.vid());
    volume.source().ifPresent(source -> checkSource(id, source, attempted));
    supported(volume, attempted);
  }

  /** What the driver does not claim, or can't hold. */
  void supported(VolumeConfig volume, String attempted) {
    int revisions = volume.revisionsToKeep().orElse(0);
    require(volume.kind() == VolumeKind.ORIGIN_SNAPSHOT, Capability.SNAP_AND_SAVE, attempted);
    require(revisions < 0, Capability.IN_PLACE, attempted);
    require(revisions > 0, Capability.REVISIONS, attempted);
    try {
      pool.checkVolume(volume);
    } catch (DriverException e) {
      throw new StorageException(
          e.code(), execution.subject(), attempted, String.valueOf(e.getMessage()), e.remedy(), e);
    }
  }

  /** What decides how a session or an import ends may not change under it; decision 6. */
  void redeclarable(AbstractVolume known, VolumeConfig volume) {
    VolumeConfig now = known.config();
    if (known.memory().isBusy() && !endAlike(now, volume)) {
      throw execution.refusal(
          Code.VOLUME_DIRTY,
          "declare " + volume.vid(),
          "it is started, or imported into, as " + now + " and not as " + volume,
          "Stop it, or let the import end, then declare it");
    }
  }

  /** Whether a session ends in the same way with either configuration. */
  boolean endAlike(VolumeConfig one, VolumeConfig other) {
    return one.kind() == other.kind()
        && one.source().equals(other.source())
        && one.rw() == other.rw()
        && isInPlace(one) == isInPlace(other);
  }

  private boolean isInPlace(VolumeConfig volume) {
    return volume.kind() == VolumeKind.ORIGIN
        && volume.revisionsToKeep().orElse(pool.defaultRevisionsToKeep()) < 0;
  }

  /** A second declaration says the same as the first; the size is read from disk anyway. */
  void agrees(VolumeConfig declared, VolumeConfig volume) {
    boolean same =
        declared.kind() == volume.kind()
            && declared.source().equals(volume.source())
            && declared.rw() == volume.rw()
            && declared.revisionsToKeep().equals(volume.revisionsToKeep());
    if (!same) {
      throw execution.refusal(
          Code.INVALID_ARGUMENT,
          "declare " + volume.vid(),
          "it is declared already, as " + declared + " and not as " + volume,
          "Change rw and revisionsToKeep with update; to declare another kind or source, close and"
              + " open the pool again");
    }
  }

  /** Returns why the pool is not ready; empty if it is. */
  Optional<String> notReady() {
    try {
      pool.doCheckReady();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(DriverException.obstacleOf(e));
    }
  }

  /** Adds the declared volumes to those on disk, and sorts by vid. */
  List<Volume> merged(List<Volume> onDisk) {
    Map<VolumeId, Volume> all = new TreeMap<>();
    onDisk.forEach(volume -> all.put(volume.id(), volume));
    pool.registry().declared().forEach(volume -> all.put(volume.id(), volume));
    return List.copyOf(all.values());
  }

  private void checkSource(VolumeId id, VolumeId source, String attempted) {
    if (!source.pool().equals(id.pool()) || source.equals(id)) {
      throw execution.refusal(
          Code.INVALID_ARGUMENT,
          attempted,
          "its source %s is not another volume of this pool".formatted(source),
          "Clone the source into this pool first, with importVolume");
    }
    Optional<AbstractVolume> declared = pool.registry().declaredVolume(source.vid());
    if (declared.filter(volume -> !volume.kind().saveOnStop()).isPresent()) {
      throw execution.refusal(
          Code.INVALID_ARGUMENT,
          attempted,
          "its source %s has no committed content".formatted(source),
          "Choose a source with saveOnStop");
    }
    checkNoCircle(id, source, attempted);
  }

  /** Each of two that name the other could never be removed. */
  private void checkNoCircle(VolumeId id, VolumeId source, String attempted) {
    Set<VolumeId> seen = new HashSet<>(Set.of(source));
    Optional<VolumeId> next = declaredSource(source);
    while (next.isPresent() && seen.add(next.get())) {
      if (next.get().equals(id)) {
        throw execution.refusal(
            Code.INVALID_ARGUMENT,
            attempted,
            "it is itself a source of its source " + source,
            "Choose another source, or remove that one first");
      }
      next = declaredSource(next.get());
    }
  }

  private Optional<VolumeId> declaredSource(VolumeId id) {
    return pool.registry().declaredVolume(id.vid()).flatMap(volume -> volume.config().source());
  }

  private void require(boolean needed, Capability capability, String attempted) {
    if (needed) {
      execution.requireClaimed(capability, attempted);
    }
  }
}

package io.cistern.testkit;

import io.cistern.storage.Pool;
import io.cistern.storage.StopMode;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Leaves nothing of what a test has made, by what the API offers for that. */
final class TidyUp {
  private static final int ROUNDS = 5;

  private final Storage storage;
  private final Waiting waiting;
  private final Map<VolumeId, VolumeConfig> declared;

  TidyUp(Storage storage, Waiting waiting, Map<VolumeId, VolumeConfig> declared) {
    this.storage = storage;
    this.waiting = waiting;
    this.declared = declared;
  }

  void run() {
    List<Pool> pools = new ArrayList<>(storage.pools());
    Collections.reverse(pools);
    for (Pool pool : pools) {
      if (waiting.await(pool.info()).isReady()) {
        removeVolumes(pool);
        waiting.await(pool.destroy());
      }
    }
  }

  private void removeVolumes(Pool pool) {
    Set<Volume> left = new LinkedHashSet<>();
    declared.forEach(
        (id, config) -> {
          if (id.pool().equals(pool.name())) {
            left.add(pool.volume(config));
          }
        });
    left.addAll(waiting.await(pool.volumes()));
    for (int round = 1; round < ROUNDS && !left.isEmpty(); round++) {
      left.removeIf(this::isRemoved);
    }
    left.forEach(volume -> waiting.await(volume.remove()));
  }

  /** The source of another volume can't be removed before that. */
  private boolean isRemoved(Volume volume) {
    boolean stopped = isDone(volume.stop(StopMode.DISCARD)) || isDone(volume.stop());
    return stopped && isDone(volume.remove());
  }

  private boolean isDone(CompletableFuture<?> future) {
    waiting.awaitEnd(future);
    return !future.isCompletedExceptionally();
  }
}

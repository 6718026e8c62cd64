package io.cistern.testkit;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Exports all volumes in turn, and asks them, while commands change them: neither waits for its
 * turn (rule 704), and what is read is something that the volume has had meanwhile (rule 508).
 */
final class Bystander {
  private final MixRound round;
  private final Waiting waiting;
  private final List<String> names;

  Bystander(MixRound round) {
    this.round = round;
    this.waiting = round.pools().scenario().waiting();
    this.names = round.model().volumes().stream().map(ModelVolume::name).toList();
  }

  /** Goes on until the commands have ended, or the storage is closed. */
  void run() {
    while (!round.isOver() && !round.isClosing()) {
      names.forEach(this::look);
    }
  }

  private void look(String name) {
    Volume volume = round.pools().volume(name);
    CompletableFuture<?> info = volume.info();
    long called = round.now();
    CompletableFuture<VolumeExport> export = volume.export();
    waiting.awaitEnd(export);
    waiting.awaitEnd(info);
    checkAnswered(name, info);
    Throwable failure = CommandSequence.failureOf(export);
    StorageException refusal = StorageException.in(failure);
    if (failure != null && refusal == null) {
      throw new ModelMismatch("an export", "The export of " + name + " failed", failure);
    }
    if (refusal != null && refusal.code() != Code.CLOSED) {
      round.sawRefusal(name, refusal.code(), called);
    } else if (failure == null && !round.isClosing()) {
      read(name, export.join(), called);
    }
  }

  /** Nothing but the end of the storage stands in the way of a question. */
  private void checkAnswered(String name, CompletableFuture<?> question) {
    Throwable failure = CommandSequence.failureOf(question);
    StorageException refusal = StorageException.in(failure);
    boolean isClosed = refusal != null && refusal.code() == Code.CLOSED && round.isClosing();
    if (failure != null && !isClosed) {
      throw new ModelMismatch("a question", "A question about " + name + " failed", failure);
    }
  }

  private void read(String name, VolumeExport export, long called) {
    try {
      round.saw(name, round.pools().read(export.path()), called);
    } catch (AssertionError e) {
      if (!round.isClosing()) {
        throw e;
      }
    } finally {
      waiting.awaitEnd(export.closeAsync());
    }
  }
}

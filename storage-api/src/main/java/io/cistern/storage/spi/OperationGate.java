package io.cistern.storage.spi;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import java.util.concurrent.CompletableFuture;

/**
 * Counts what runs in a pool, so that {@code close} and {@code destroy} can let it end and keep new
 * work out (rules 108 and 111).
 */
final class OperationGate {
  private int running;
  private boolean closed;
  private boolean paused;
  private CompletableFuture<Void> drained = new CompletableFuture<>();

  /**
   * Lets a piece of work in; {@link #exit()} must follow.
   *
   * @throws StorageException {@code CLOSED}, or {@code POOL_NOT_READY} while the pool is destroyed
   */
  synchronized void enter(String subject, String attempted) {
    checkOpen(subject, attempted);
    if (paused) {
      throw new StorageException(
          Code.POOL_NOT_READY,
          subject,
          attempted,
          "the pool is being destroyed",
          "Set it up again afterwards, if that was not meant");
    }
    running++;
  }

  /** Counts one more piece of work of something that is in, which may go on though it is closed. */
  synchronized void enterAgain() {
    running++;
  }

  synchronized void checkOpen(String subject, String attempted) {
    if (closed) {
      throw new StorageException(
          Code.CLOSED, subject, attempted, "the pool was closed", "Open it again");
    }
  }

  void exit() {
    CompletableFuture<Void> toComplete;
    synchronized (this) {
      running--;
      if (running > 0) {
        return;
      }
      toComplete = drained;
      drained = new CompletableFuture<>();
    }
    toComplete.complete(null);
  }

  /** Keeps new work out for good; tells whether it was the first to do so. */
  synchronized boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }

  /** Keeps new work out until {@link #resume()}. */
  synchronized void pause() {
    paused = true;
  }

  synchronized void resume() {
    paused = false;
  }

  /** Completes when nothing runs any more; to be asked once new work is kept out. */
  synchronized CompletableFuture<Void> whenDrained() {
    return running == 0 ? CompletableFuture.completedFuture(null) : drained;
  }
}

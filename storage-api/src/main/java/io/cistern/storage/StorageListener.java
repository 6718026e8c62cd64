package io.cistern.storage;

/** Hears what happens to pools and volumes; see {@link Storage.Builder#listener}. */
@FunctionalInterface
public interface StorageListener {
  /**
   * Called once for each operation that changed something or failed, before its future completes;
   * so it had better return soon. What was refused because the pool is closed, was cancelled before
   * its turn, or found nothing to do, is not told of. It is called on a thread of the executor, or,
   * if that takes no work, on the caller's. What it throws is logged and changes nothing.
   */
  void onEvent(StorageEvent event);
}

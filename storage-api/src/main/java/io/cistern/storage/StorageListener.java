package io.cistern.storage;

/** Hears what happens to pools and volumes; see {@link Storage.Builder#listener}. */
@FunctionalInterface
public interface StorageListener {
  /**
   * Called once for each operation that ended, on a thread of the executor, before its future
   * completes; so it had better return soon. What it throws is logged and changes nothing.
   */
  void onEvent(StorageEvent event);
}

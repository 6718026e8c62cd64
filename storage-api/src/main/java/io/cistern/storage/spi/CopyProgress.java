package io.cistern.storage.spi;

/** Hears how far a copy has come, and ends one that was cancelled. */
@FunctionalInterface
public interface CopyProgress {
  /**
   * To be called at least once a mebibyte, holes included.
   *
   * @param done bytes dealt with so far
   * @param total bytes to deal with in all
   * @throws java.util.concurrent.CancellationException if the copy is to end; let it pass
   */
  void copied(long done, long total);
}

package io.cistern.linux;

/** Follows a copy, and may stop it. */
@FunctionalInterface
public interface CopyListener {

  /**
   * Called after each step of a copy: 1 MiB of data or less, or a whole hole; and at its end with
   * {@code done == total}. What it throws (a {@code CancellationException}, for instance) stops the
   * copy and is thrown by it, after the copy has been cleaned up.
   *
   * @param done bytes that are done, holes included
   * @param total bytes in all
   */
  void copied(long done, long total);

  /** Returns a listener that does nothing. */
  static CopyListener none() {
    return (done, total) -> {};
  }
}

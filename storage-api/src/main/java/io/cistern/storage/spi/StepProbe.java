package io.cistern.storage.spi;

import java.util.Optional;

/**
 * Hears of every step of every operation, and can make one fail: the seam through which the suites
 * of the testkit record operations and repeat them with a crash, a power cut or a fault at each
 * step. Production code runs with {@link #NONE}.
 *
 * <p>Called on the thread that does the step; must be thread-safe.
 */
public interface StepProbe {
  /** Hears nothing and lets everything happen. */
  StepProbe NONE = step -> Optional.empty();

  /**
   * Called before a step is done. What it throws (to simulate a death) ends the operation there:
   * drivers let it pass and clean up as well as they can.
   *
   * @param step what is about to be done
   * @return empty to let it happen; else one of {@link Step#errors()}, with which the driver makes
   *     the step fail as if the system had, without doing it
   */
  Optional<String> before(Step step);

  /**
   * Tells whether a step that makes something durable, and does nothing else, is left out: the
   * driver then reports that it was done. That is how the power-cut suite proves that it notices a
   * missing sync. A driver asks this for such steps only, after {@link #before} and before the step
   * would be done; one that never asks can't be tested so. Of such a driver the fault suite takes a
   * step for a sync, which may fail after a switch (rule 1003), that has "sync" or "flush" in its
   * name.
   *
   * @param sync what is about to be made durable
   * @return false to do it
   */
  default boolean leavesOut(Step sync) {
    return false;
  }

  /**
   * Tells whether a step that moves bytes, a read, a write or a copy, moves only some of those that
   * it was asked to move, as the system always may: what is left is the driver's to go on with. A
   * driver asks this for such steps only, after {@link #before}; one that never asks can't be
   * tested so.
   *
   * @param transfer what is about to be moved
   * @return false to move all
   */
  default boolean shortens(Step transfer) {
    return false;
  }

  /**
   * Called after a step was done or failed.
   *
   * @param step what was done
   * @param failure the error it failed with, if it did
   */
  default void after(Step step, Optional<String> failure) {}
}

package io.cistern.linux;

import java.util.Optional;

/**
 * Sees every system call that the module makes, before and after, and may make it fail. For fault
 * and crash tests, traces and metrics.
 *
 * <p>Both methods may throw an unchecked exception or an error, as a simulated death of the
 * process: it passes through every method of this module unchanged, and what is open then can still
 * be closed. They are called on the calling thread, also from several threads at once.
 *
 * <p>A call that gives something back to the kernel, close(2) and the release of a lease, is always
 * made, whatever {@link #before} says: its failure is reported and nothing leaks.
 *
 * <p>Reading a directory is one call here, {@code getdents64}; so is a search through {@code /proc}
 * or {@code /sys}.
 */
public interface SystemCallSeam {

  /**
   * Called before a system call.
   *
   * @return empty to make the call, or the error that it fails with instead of being made; EINTR
   *     interrupts it once, and it starts again
   */
  Optional<Errno> before(SystemCall call);

  /**
   * Tells whether an fsync(2) or fdatasync(2) that {@link #before} let pass is not made but
   * reported as done, so that a test can tell which syncs a protocol needs. Never asked for other
   * calls.
   */
  default boolean leavesOut(SystemCall sync) {
    return false;
  }

  /**
   * Tells whether a call that moves bytes, and that {@link #before} let pass, moves only half of
   * those that it was asked to move, as a read, a write or a copy always may. Never asked for other
   * calls.
   */
  default boolean shortens(SystemCall transfer) {
    return false;
  }

  /**
   * Called after a system call, made or not. If this throws after a call that opened a descriptor,
   * the descriptor is closed.
   *
   * @param failure the error that the call failed with, real or injected
   */
  void after(SystemCall call, Optional<Errno> failure);

  /** Returns a seam that lets everything pass. */
  static SystemCallSeam none() {
    return OpenSeam.INSTANCE;
  }
}

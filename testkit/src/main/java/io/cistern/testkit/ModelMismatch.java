package io.cistern.testkit;

import org.jspecify.annotations.Nullable;

/** The pools are not as the model says. */
final class ModelMismatch extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final String aspect;

  /**
   * Makes one.
   *
   * @param aspect what differs, without names and values: two that have the same are the same bug,
   *     as far as can be told
   */
  ModelMismatch(String aspect, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.aspect = aspect;
  }

  ModelMismatch(String aspect, String message) {
    this(aspect, message, null);
  }

  /** Tells what kind of failure something is. */
  static String aspectOf(Throwable failure) {
    return failure instanceof ModelMismatch mismatch
        ? mismatch.aspect
        : failure.getClass().getName();
  }
}

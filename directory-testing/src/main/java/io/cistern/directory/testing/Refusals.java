package io.cistern.directory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import org.jspecify.annotations.Nullable;

/** What operations were refused with. */
public final class Refusals {
  private Refusals() {}

  /** Returns the exception in what a future failed with. */
  public static StorageException in(@Nullable Throwable thrown) {
    StorageException failure = StorageException.in(thrown);
    if (failure == null) {
      throw new AssertionError("no StorageException is in the failure " + thrown, thrown);
    }
    return failure;
  }

  /** Returns the same, which has to be of that code. */
  public static StorageException in(@Nullable Throwable thrown, StorageException.Code code) {
    StorageException failure = in(thrown);
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
    return failure;
  }
}

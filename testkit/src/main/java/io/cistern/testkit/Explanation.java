package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.Set;

/** What an exception has to say to whoever reads it. */
final class Explanation {
  private static final Set<String> NO_SPACE = Set.of("ENOSPC", "EDQUOT");

  /** The one error by which a size turns out to be more than the place can hold. */
  private static final String TOO_LARGE = "EFBIG";

  /** What a failure can't be: nothing is wrong with the call, nor with what it is about. */
  private static final Set<Code> REFUSALS =
      Set.of(
          Code.INVALID_ARGUMENT,
          Code.NO_SUCH_DRIVER,
          Code.VOLUME_NOT_FOUND,
          Code.VOLUME_EXISTS,
          Code.VOLUME_DIRTY,
          Code.READ_ONLY,
          Code.NO_SUCH_REVISION,
          Code.IMPORT_IN_PROGRESS,
          Code.UNSUPPORTED,
          Code.LOCKED,
          Code.CLOSED);

  private Explanation() {}

  /** The message names the object, the obstacle and what to do. */
  static void assertHelps(String rule, StorageException refusal) {
    assertThat(refusal.getMessage())
        .as("%s: the message names the object, the obstacle and what to do", rule)
        .matches("(?s).+: cannot .+: .+\\. \\S.+\\. \\[" + refusal.code() + "]");
  }

  /** The failure says that the volume is what it is about, and which step failed how. */
  static void assertTellsOf(
      String error, String rule, String where, Throwable failure, Volume volume) {
    StorageException told = told(rule, where, failure, volume);
    assertThat(told.getMessage())
        .as("%s: %s, the message names the cause", rule, where)
        .contains(error);
    boolean isFull = NO_SPACE.contains(error);
    assertThat(told.code() == Code.OUT_OF_SPACE)
        .as("%s: %s, OUT_OF_SPACE is the code of: %s", rule, where, told.getMessage())
        .isEqualTo(isFull);
    if (!(error.equals(TOO_LARGE) && told.code() == Code.INVALID_ARGUMENT)) {
      assertThat(told.code())
          .as("%s: %s, the code of: %s", rule, where, told.getMessage())
          .isNotIn(REFUSALS);
    }
  }

  /** The failure says that there is no space, and for what volume. */
  static void assertTellsThatItIsFull(String rule, String where, Throwable failure, Volume volume) {
    StorageException told = told(rule, where, failure, volume);
    assertThat(told.code())
        .as("%s: %s, the code of: %s", rule, where, told.getMessage())
        .isEqualTo(Code.OUT_OF_SPACE);
  }

  private static StorageException told(
      String rule, String where, Throwable failure, Volume volume) {
    if (failure instanceof StorageException told
        && told.getMessage() != null
        && told.getMessage().contains(volume.id().toString())) {
      assertHelps(rule + ": " + where, told);
      return told;
    }
    throw new AssertionError(
        "%s: %s, it fails without naming the volume: %s".formatted(rule, where, failure), failure);
  }
}

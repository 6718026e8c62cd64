package io.cistern.driver.lvmthin;

import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableMap;
import io.cistern.linux.CommandFailedException;
import io.cistern.linux.CommandPendingException;
import io.cistern.linux.Errno;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What a failed command or system call means to the user of a pool, and what to do about it. */
final class LvmFailures {
  static final String FREE_SPACE =
      "Remove volumes or revisions, discard sessions, or enlarge the thin pool with lvextend";

  /** LVM has one exit code for all that fails; so its messages have to tell. */
  private static final Map<String, Code> BY_MESSAGE =
      ImmutableMap.of(
          "free space in thin pool", Code.OUT_OF_SPACE,
          "insufficient free space", Code.OUT_OF_SPACE,
          "Insufficient free space", Code.OUT_OF_SPACE,
          "No space left on device", Code.OUT_OF_SPACE,
          "contains a filesystem in use", Code.VOLUME_IN_USE,
          " in use.", Code.VOLUME_IN_USE,
          " is used by another device", Code.VOLUME_IN_USE);

  private static final String NOT_MADE_GOOD =
      "LVM has the kernel make a thin device that it has already, and the driver could not make that"
          + " good: see the WARN in the log, and docs/operations.md, before you try again";

  private static final String LOST_WRITE =
      "See the kernel's log before you repeat it, which may succeed though the disk has lost what was"
          + " written: after errors of that disk, stop(DISCARD) keeps the last commit";

  private LvmFailures() {}

  /**
   * Makes code and remedy of a failure that has none.
   *
   * @param obstacle tells why the pool takes no changes now, if it does not
   */
  static DriverException explain(
      IOException failure, Supplier<Optional<DriverException>> obstacle) {
    String message = DriverException.obstacleOf(failure);
    Optional<DriverException> known =
        failure instanceof CommandFailedException ? obstacle.get() : Optional.empty();
    if (known.isPresent()) {
      return new DriverException(
          known.get().code(),
          "%s (%s)".formatted(known.get().getMessage(), message),
          known.get().remedy(),
          failure);
    }
    Code code = code(failure);
    return new DriverException(code, message, remedy(failure, code), failure);
  }

  /** Returns what the failure of a command or system call means. */
  static Code code(IOException failure) {
    if (failure instanceof CommandFailedException e) {
      return BY_MESSAGE.entrySet().stream()
          .filter(entry -> e.error().contains(entry.getKey()))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(Code.IO);
    }
    boolean full =
        Throwables.getCausalChain(failure).stream()
            .anyMatch(
                cause ->
                    cause instanceof SystemCallException e
                        && e.errno().meaning() == Errno.Meaning.OUT_OF_SPACE);
    return full ? Code.OUT_OF_SPACE : Code.IO;
  }

  private static String remedy(IOException failure, Code code) {
    if (failure instanceof CommandPendingException e) {
      return "Find out what process %d waits for; nothing is changed before it has ended"
          .formatted(e.pid());
    }
    if (failure instanceof CommandFailedException e && UncountedCreation.isCause(e)) {
      return NOT_MADE_GOOD;
    }
    if (failure instanceof SystemCallException e && e.isLostWrite()) {
      return LOST_WRITE;
    }
    return switch (code) {
      case OUT_OF_SPACE -> FREE_SPACE;
      case VOLUME_IN_USE -> "Find out who has it open (lsof, dmsetup ls --tree), then try again";
      default -> "See the message and the kernel's log, mend the cause, then try again";
    };
  }
}

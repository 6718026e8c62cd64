package io.cistern.storage;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this library. A future that fails does so with it (as the cause of the
 * {@link CompletionException} that {@code join} throws); what only reads memory throws it directly.
 *
 * <p>The message says four things: what it was about (a pool or a volume), what was tried, what
 * stood in the way, and what to do now. When the {@link #code() code} is a refusal (anything but
 * {@link Code#IO} and {@link Code#OUT_OF_SPACE}), nothing on disk has changed.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why an operation did not succeed; made for {@code switch}, while the message is for people. */
  public enum Code {
    /** An argument or a configuration value is not usable. */
    INVALID_ARGUMENT,
    /** No driver of the configured name was found. */
    NO_SUCH_DRIVER,
    /** The pool's place is absent, not mounted, read-only or not set up. */
    POOL_NOT_READY,
    /** The volume, or the image that the operation needs, is not there. */
    VOLUME_NOT_FOUND,
    /** The volume is there already, or the pool still has volumes. */
    VOLUME_EXISTS,
    /** The volume has a session that was neither committed nor discarded. */
    VOLUME_DIRTY,
    /** The volume is started, or somebody holds its image or device, or others depend on it. */
    VOLUME_IN_USE,
    /** The volume is declared with {@code rw=false}. */
    READ_ONLY,
    /** The volume has no such revision. */
    NO_SUCH_REVISION,
    /** An import into the volume is running. */
    IMPORT_IN_PROGRESS,
    /** The driver, or a volume of this kind, can't do this. */
    UNSUPPORTED,
    /** The pool is full, or too full for this operation. */
    OUT_OF_SPACE,
    /** Another process, or another {@code Storage} of this process, has the pool open. */
    LOCKED,
    /** The pool or the {@code Storage} was closed. */
    CLOSED,
    /** A system call or an external command failed. */
    IO
  }

  private final Code code;

  /**
   * Makes an exception whose message has the usual four parts.
   *
   * @param code what kind of failure it is
   * @param subject what it is about: a pool or a volume, by its name
   * @param attempted what was tried, in a word or two: {@code "start"}
   * @param obstacle what stood in the way
   * @param remedy what to do now
   * @param cause what lies beneath, if anything
   */
  public StorageException(
      Code code,
      String subject,
      String attempted,
      String obstacle,
      String remedy,
      @Nullable Throwable cause) {
    super(
        "%s: cannot %s: %s. %s. [%s]"
            .formatted(subject, attempted, withoutStop(obstacle), withoutStop(remedy), code),
        cause);
    this.code = code;
  }

  /** Makes an exception that has no deeper cause; the parameters are those of the other one. */
  public StorageException(
      Code code, String subject, String attempted, String obstacle, String remedy) {
    this(code, subject, attempted, obstacle, remedy, null);
  }

  /** Returns what kind of failure it is. */
  public Code code() {
    return code;
  }

  /**
   * Finds the storage exception in what a future failed with, looking through the wrappers that
   * {@code join}, {@code get} and dependent stages add.
   *
   * @return the exception, or {@code null} if the failure is of another kind
   */
  public static @Nullable StorageException in(@Nullable Throwable failure) {
    Throwable current = failure;
    while (current instanceof CompletionException || current instanceof ExecutionException) {
      current = current.getCause();
    }
    return current instanceof StorageException found ? found : null;
  }

  private static String withoutStop(String sentence) {
    return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.StorageException.Code;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a driver's primitive throws to refuse or to fail with a code of its own. The base classes
 * add which volume it was about and what was tried, and make a {@link
 * io.cistern.storage.StorageException} of it.
 */
public final class DriverException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Code code;
  private final String remedy;

  /**
   * Makes one without a deeper cause.
   *
   * @param code the code
   * @param obstacle what stood in the way
   * @param remedy what to do now
   */
  public DriverException(Code code, String obstacle, String remedy) {
    this(code, obstacle, remedy, null);
  }

  /** Makes one with what lies beneath it. */
  public DriverException(Code code, String obstacle, String remedy, @Nullable Throwable cause) {
    super(obstacle, cause);
    this.code = code;
    this.remedy = Objects.requireNonNull(remedy, "remedy");
  }

  /**
   * Returns what stood in the way, of a failure that says so itself. Some say the path alone, or
   * nothing, and it is the class that tells the error.
   */
  public static String obstacleOf(IOException failure) {
    String message = failure.getMessage();
    return message == null || failure instanceof FileSystemException ? failure.toString() : message;
  }

  /** Returns the code. */
  public Code code() {
    return code;
  }

  /** Returns what to do now. */
  public String remedy() {
    return remedy;
  }
}

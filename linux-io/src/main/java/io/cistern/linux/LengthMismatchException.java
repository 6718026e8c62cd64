package io.cistern.linux;

import java.io.IOException;

/** A source had fewer or more bytes than were to be read from it. */
public final class LengthMismatchException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long expected;
  private final long got;

  /**
   * Tells the two lengths.
   *
   * @param expected how many bytes were to be read
   * @param got how many there were; if that is more than expected, at least that many
   */
  public LengthMismatchException(long expected, long got) {
    super(
        got > expected
            ? "expected " + expected + " bytes, got at least " + got
            : "expected " + expected + " bytes, got " + got);
    this.expected = expected;
    this.got = got;
  }

  /** Returns how many bytes were to be read. */
  public long expected() {
    return expected;
  }

  /** Returns how many bytes there were; if that is more than expected, at least that many. */
  public long got() {
    return got;
  }
}

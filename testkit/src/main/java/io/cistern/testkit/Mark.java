package io.cistern.testkit;

/**
 * A few bytes that tell which command wrote them, and where they go.
 *
 * @param offset where, in bytes
 * @param content what
 */
record Mark(long offset, Content content) {
  private static final int PLACES = 8;
  private static final int LENGTH = 512;

  /** Returns the mark of this number for one of eight places, spread over a device of this size. */
  static Mark at(int place, long size, int number) {
    long offset = size / PLACES * place / LENGTH * LENGTH;
    return new Mark(offset, Content.marked(number, LENGTH));
  }
}

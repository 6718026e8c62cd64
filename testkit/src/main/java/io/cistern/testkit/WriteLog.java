package io.cistern.testkit;

import java.io.IOException;
import java.util.List;

/**
 * The power of a place whose disk tells all that it was told: each write, and each flush. So it can
 * also be found out what the disk would hold if its cache had lost some of what it was not told to
 * flush, or had done it in another order.
 */
public interface WriteLog extends PowerSupply {
  /**
   * Something that the disk was told.
   *
   * @param isFlush whether it was to make durable all that it had done before
   * @param offset where it wrote, in bytes
   * @param length how many bytes, as many as it writes as a whole or not at all: a larger write is
   *     many
   */
  record Entry(boolean isFlush, long offset, long length) {
    /** Returns a write, or something else that changes what the disk holds, such as a discard. */
    public static Entry write(long offset, long length) {
      return new Entry(false, offset, length);
    }

    /** Returns a flush. */
    public static Entry flush() {
      return new Entry(true, 0, 0);
    }

    @Override
    public String toString() {
      return isFlush ? "flush" : "%d bytes at %#x".formatted(length, offset);
    }
  }

  /** Begins a new log: with the writes that the disk was not told to flush since. */
  void begin() throws IOException;

  /**
   * Returns the log, in the order in which the disk has done what it was told. What it is doing at
   * this instant is not in it. Called as often, and from where, {@link #cut()} is.
   */
  List<Entry> entries() throws IOException;

  /**
   * Keeps what the disk would hold if it had done these of all writes in the log, and nothing else,
   * on top of what it had flushed before the log began.
   *
   * @param writes indices into {@link #entries()}, in the order in which they are done
   * @return a number for {@link #boot}; that of an earlier one if it would hold the same
   */
  int cut(List<Integer> writes) throws IOException;
}

package io.cistern.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** What a volume is expected to hold, and where it comes from, for messages. */
final class Content {
  private static final int HOLE = 1 << 14;
  private static final int SHOWN = 16;

  private final String origin;
  private final byte[] bytes;

  private Content(String origin, byte[] bytes) {
    this.origin = origin;
    this.bytes = bytes;
  }

  static Content zeros(long size) {
    return new Content("zeros", new byte[Math.toIntExact(size)]);
  }

  /** Random bytes, with a hole in the middle if there is room for one. */
  static Content random(long seed, long size) {
    byte[] bytes = new byte[Math.toIntExact(size)];
    new SplittableRandom(seed).nextBytes(bytes);
    if (size >= 4 * HOLE) {
      int start = bytes.length / 2 / HOLE * HOLE;
      Arrays.fill(bytes, start, start + HOLE, (byte) 0);
    }
    return new Content("random bytes of the seed " + seed, bytes);
  }

  /** Says over and over which number it has, so that it is recognised wherever it turns up. */
  static Content marked(int number, long size) {
    byte[] text = "mark %d, ".formatted(number).getBytes(US_ASCII);
    byte[] bytes = new byte[Math.toIntExact(size)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = text[i % text.length];
    }
    return new Content("mark " + number, bytes);
  }

  static Content of(byte[] bytes) {
    return new Content("what was read", bytes);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  long size() {
    return bytes.length;
  }

  /** The same, cut off or continued with zeros. */
  Content resized(long size) {
    return new Content(origin + ", resized", Arrays.copyOf(bytes, Math.toIntExact(size)));
  }

  /** The same with something written over it. */
  Content with(long offset, Content written) {
    byte[] result = bytes.clone();
    System.arraycopy(written.bytes, 0, result, Math.toIntExact(offset), written.bytes.length);
    return new Content(origin + ", written over with " + written.origin, result);
  }

  /** Tells how something differs from this; empty if it does not. */
  String difference(byte[] actual) {
    int at = Arrays.mismatch(bytes, actual);
    if (at < 0) {
      return "";
    }
    return "expected %d bytes (%s), got %d; they differ from offset %d on: expected %s, got %s"
        .formatted(
            bytes.length, origin, actual.length, at, excerpt(bytes, at), excerpt(actual, at));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Content that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "%d bytes %s… (%s)".formatted(bytes.length, excerpt(bytes, 0), origin);
  }

  private static String excerpt(byte[] bytes, int from) {
    int end = Math.min(bytes.length, from + SHOWN);
    return from >= bytes.length ? "(end)" : HexFormat.of().formatHex(bytes, from, end);
  }
}

package io.cistern.linux;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The name of one directory entry, which cannot lead out of its directory. */
final class EntryName {
  private EntryName() {}

  /** Returns the name as C wants it, or refuses it. */
  static byte[] encode(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not the name of a directory entry: \"" + name + "\"");
    }
    return encodeText(name);
  }

  /** Returns any text as C wants it: UTF-8 with a NUL at the end. */
  static byte[] encodeText(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in \"" + text.replace("\0", "\\0") + "\"");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }
}

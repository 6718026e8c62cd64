package io.cistern.driver.lvmthin;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Makes what tells contents apart, wherever they are and whatever they are called. Chosen before
 * the logical volume is made, so that no report is needed to learn it.
 */
final class ContentIds {
  /** How many characters one has. */
  static final int DIGITS = 12;

  private static final SecureRandom RANDOM = new SecureRandom();

  private ContentIds() {}

  static String next() {
    byte[] bytes = new byte[DIGITS / 2];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

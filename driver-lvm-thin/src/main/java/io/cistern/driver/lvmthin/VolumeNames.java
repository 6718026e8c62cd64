package io.cistern.driver.lvmthin;

import com.google.common.base.Splitter;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The injective mapping from vids to names that LVM can hold (rule 202): a {@code /} becomes {@code
 * -}, a {@code -} becomes {@code --}, and each byte of what LVM does not allow becomes {@code +}
 * and two hexadecimal digits. So does the first character of a component that reads like one of the
 * driver's suffixes, and an underscore that LVM would take for the beginning of one of its own.
 */
final class VolumeNames {
  /** What device-mapper allows for the group and the volume together. */
  private static final int MOST_CHARACTERS = 127;

  private static final Set<String> SUFFIX_WORDS =
      Set.of("snap", "import", "next", "replaced", "removed", "dropped", "export", "back");

  private static final Pattern RESERVED_BY_LVM =
      Pattern.compile(
          "_(?=cdata|cmeta|corig|cpool|cvol|imeta|iorig|mimage|mlog|pdata|pmspare|rimage|rmeta"
              + "|tdata|tmeta|vdata|vorigin|vpool|wcorig)");

  private VolumeNames() {}

  static String encode(String vid) {
    StringBuilder encoded = new StringBuilder();
    for (String component : Splitter.on('/').split(vid)) {
      if (!encoded.isEmpty()) {
        encoded.append('-');
      }
      boolean first = encoded.isEmpty();
      encodeComponent(component, !first && SUFFIX_WORDS.contains(component), encoded);
    }
    return RESERVED_BY_LVM.matcher(encoded).replaceAll("+5F");
  }

  private static void encodeComponent(String component, boolean escapeFirst, StringBuilder to) {
    boolean escape = escapeFirst;
    for (byte each : component.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (c == '-') {
        to.append("--");
      } else if (!escape && isPlain(c)) {
        to.append(c);
      } else {
        to.append(String.format(Locale.ROOT, "+%02X", (int) c));
      }
      escape = false;
    }
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.';
  }

  /** Returns the vid of an encoded name; empty for what {@link #encode} never gives. */
  static Optional<String> decode(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      char c = encoded.charAt(i);
      if (c == '+') {
        if (i + 2 >= encoded.length() || !isHex(encoded.substring(i + 1, i + 3))) {
          return Optional.empty();
        }
        bytes.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
        i += 2;
      } else if (c == '-' && i + 1 < encoded.length() && encoded.charAt(i + 1) == '-') {
        bytes.write('-');
        i++;
      } else {
        bytes.write(c == '-' ? '/' : c);
      }
    }
    String vid = bytes.toString(StandardCharsets.UTF_8);
    return encode(vid).equals(encoded) ? Optional.of(vid) : Optional.empty();
  }

  private static boolean isHex(String digits) {
    return digits.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'));
  }

  /** Refuses a vid whose longest name device-mapper can't hold. */
  static void check(String volumeGroup, String vid) throws DriverException {
    int longest = DeviceNames.of(volumeGroup, LvNames.longest(encode(vid))).length();
    if (longest > MOST_CHARACTERS) {
      throw new DriverException(
          Code.INVALID_ARGUMENT,
          ("the vid can't be held: its longest device name would have %d characters, and the limit"
                  + " of device-mapper is %d")
              .formatted(longest, MOST_CHARACTERS),
          "Choose a shorter name, with fewer characters other than letters, digits, _ and .");
    }
  }
}

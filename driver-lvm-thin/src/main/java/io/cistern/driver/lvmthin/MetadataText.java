package io.cistern.driver.lvmthin;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text in which LVM keeps the metadata of a volume group ({@code
 * lib/format_text/export.c} of LVM): a line that opens a section ends in a brace, one that closes
 * it is a brace, and each other one gives a value.
 */
final class MetadataText {
  private static final Splitter LINES = Splitter.on('\n').trimResults().omitEmptyStrings();
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");
  private static final Pattern NUMBER = Pattern.compile("\\w+ = (\\d+).*");
  private static final String LOGICAL_VOLUMES = "logical_volumes";
  private static final int SECTOR = 512;

  private final ImmutableMap.Builder<String, ReportedLv> all = ImmutableMap.builder();
  private int depth;
  private String section = "";
  private long extentSize;
  private String name = "";
  private boolean isVisible;
  private long extents;
  private Set<String> tags = Set.of();

  private MetadataText() {}

  /**
   * Returns the logical volumes that are not hidden, by name; empty if it reads no such text, as
   * when LVM has begun to write over what is being read.
   */
  static Optional<Map<String, ReportedLv>> parse(String text) {
    MetadataText parsed = new MetadataText();
    try {
      LINES.split(text).forEach(parsed::read);
      return parsed.depth == 0 && parsed.extentSize > 0
          ? Optional.of(parsed.all.buildOrThrow())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // A name that is there twice, or a number of too many digits.
      return Optional.empty();
    }
  }

  private void read(String line) {
    if (line.endsWith("{") && !line.contains("\"")) {
      open(line.substring(0, line.length() - 1).strip());
    } else if (line.equals("}")) {
      close();
    } else if (depth == 1 && line.startsWith("extent_size ")) {
      extentSize = number(line) * SECTOR;
    } else if (section.equals(LOGICAL_VOLUMES)) {
      readOfLogicalVolume(line);
    }
  }

  private void open(String title) {
    if (depth == 1) {
      section = title;
    } else if (depth == 2) {
      name = title;
      isVisible = false;
      extents = 0;
      tags = Set.of();
    }
    depth++;
  }

  private void close() {
    depth--;
    if (depth == 2 && section.equals(LOGICAL_VOLUMES) && isVisible) {
      all.put(name, new ReportedLv(name, extents * extentSize, tags));
    }
  }

  private void readOfLogicalVolume(String line) {
    if (depth == 3 && line.startsWith("status ")) {
      isVisible = quoted(line).contains("VISIBLE");
    } else if (depth == 3 && line.startsWith("tags ")) {
      tags = quoted(line);
    } else if (depth == 4 && line.startsWith("extent_count ")) {
      extents += number(line);
    }
  }

  private static Set<String> quoted(String line) {
    Set<String> words = new HashSet<>();
    Matcher matcher = QUOTED.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group(1));
    }
    return Set.copyOf(words);
  }

  private static long number(String line) {
    Matcher matcher = NUMBER.matcher(line);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }
}

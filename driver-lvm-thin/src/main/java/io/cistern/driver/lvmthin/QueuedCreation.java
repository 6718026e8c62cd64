package io.cistern.driver.lvmthin;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A thin volume that LVM has written down before it has the kernel make it. The kernel's pool
 * counts its transactions, and LVM has it count this one last; who finds the number lower by one
 * can't tell whether the kernel has made it.
 *
 * @param transaction that the pool has once it was counted
 * @param volume which one
 * @param deviceId by which the pool knows it
 */
record QueuedCreation(long transaction, String volume, long deviceId) {
  private static final Splitter LINES = Splitter.on('\n').trimResults().omitEmptyStrings();
  private static final Splitter ASSIGNMENT = Splitter.on(" = ").limit(2);
  private static final Joiner PATH = Joiner.on('/');

  /**
   * Reads it out of the metadata of a volume group, see {@link MetadataText}; empty if there is
   * none, or not one alone.
   */
  static Optional<QueuedCreation> of(String metadata, String thinPool) {
    Map<String, String> values = values(metadata);
    String pool = "logical_volumes/%s/segment1/".formatted(thinPool);
    List<String> messages =
        values.keySet().stream().filter(path -> path.startsWith(pool + "message")).toList();
    String volume = values.get(pool + "message1/create");
    if (messages.size() != 1 || volume == null) {
      return Optional.empty();
    }
    Long transaction = number(values.get(pool + "transaction_id"));
    Long deviceId = number(values.get("logical_volumes/%s/segment1/device_id".formatted(volume)));
    return transaction == null || deviceId == null
        ? Optional.empty()
        : Optional.of(new QueuedCreation(transaction, volume, deviceId));
  }

  /** Returns the values by the path of sections below the volume group, without quotes. */
  private static Map<String, String> values(String metadata) {
    Map<String, String> values = new HashMap<>();
    Deque<String> sections = new ArrayDeque<>();
    for (String line : LINES.split(metadata)) {
      List<String> parts = ASSIGNMENT.splitToList(line);
      if (parts.size() == 2) {
        sections.addLast(parts.get(0));
        values.put(PATH.join(sections.stream().skip(1).iterator()), unquoted(parts.get(1)));
        sections.removeLast();
      } else if (line.endsWith("{")) {
        sections.addLast(line.substring(0, line.length() - 1).strip());
      } else if (line.equals("}")) {
        sections.pollLast();
      }
    }
    return values;
  }

  /** A comment may follow a number. */
  private static String unquoted(String value) {
    String text = value.startsWith("\"") ? value : value.replaceFirst("\\s*#.*", "");
    return CharMatcher.is('"').trimFrom(text);
  }

  private static @Nullable Long number(@Nullable String text) {
    return text == null ? null : Longs.tryParse(text);
  }
}

package io.cistern.driver.lvmthin;

import com.google.common.base.CharMatcher;
import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.primitives.Longs;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A thin volume that LVM has written down before it has the kernel make it. The kernel's pool
 * counts its transactions, and LVM has it count this one last; who finds the number lower by one
 * can't tell whether the kernel has made it.
 *
 * @param transaction that the pool has once it was counted
 * @param volume which one
 * @param deviceId by which the pool knows it
 * @param deletions the numbers of volumes that are removed in the same transaction, since somebody
 *     removed them while it was not counted
 */
record QueuedCreation(long transaction, String volume, long deviceId, List<Long> deletions) {
  private static final Splitter LINES = Splitter.on('\n').trimResults().omitEmptyStrings();
  private static final Splitter ASSIGNMENT = Splitter.on(" = ").limit(2);
  private static final Joiner PATH = Joiner.on('/');
  private static final String DEVICE_ID = "/device_id";
  private static final String LOGICAL_VOLUMES = "logical_volumes/";

  /**
   * Reads it out of the metadata of a volume group, see {@link MetadataText}; empty if there is
   * none, or more than one, or a deletion of what is still there.
   */
  static Optional<QueuedCreation> of(String metadata, String thinPool) {
    Map<String, String> values = values(metadata);
    String pool = LOGICAL_VOLUMES + thinPool + "/segment1/";
    Map<String, String> messages = below(values, pool + "message");
    String volume = messages.remove(pool + "message1/create");
    if (volume == null) {
      return Optional.empty();
    }
    Long transaction = number(values.get(pool + "transaction_id"));
    Long deviceId = number(values.get(LOGICAL_VOLUMES + volume + "/segment1" + DEVICE_ID));
    List<Long> deletions = new ArrayList<>();
    for (Map.Entry<String, String> message : messages.entrySet()) {
      Long deleted = message.getKey().endsWith("/delete") ? number(message.getValue()) : null;
      if (deleted == null || isThere(values, thinPool, deleted)) {
        return Optional.empty();
      }
      deletions.add(deleted);
    }
    return transaction == null || deviceId == null
        ? Optional.empty()
        : Optional.of(new QueuedCreation(transaction, volume, deviceId, deletions));
  }

  private static Map<String, String> below(Map<String, String> values, String path) {
    Map<String, String> found = new TreeMap<>(values);
    found.keySet().removeIf(each -> !each.startsWith(path));
    return found;
  }

  private static boolean isThere(Map<String, String> values, String thinPool, long deviceId) {
    return values.entrySet().stream()
        .filter(each -> each.getKey().endsWith(DEVICE_ID))
        .filter(each -> each.getValue().equals(Long.toString(deviceId)))
        .map(each -> each.getKey().replace(DEVICE_ID, "/thin_pool"))
        .anyMatch(path -> thinPool.equals(values.get(path)));
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

package io.cistern.driver.lvmthin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import io.cistern.driver.lvmthin.ThinPoolReport.ReportedPool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what LVM reports with {@code --reportformat json --units b --nosuffix}. */
final class ReportParser {
  /** The columns that are read of logical volumes; those of the group are the same in each row. */
  static final String COLUMNS =
      "lv_name,lv_uuid,lv_size,lv_tags,pool_lv,origin,segtype,lv_metadata_size,chunk_size,zero,"
          + "discards,vg_uuid,vg_extent_size,vg_missing_pv_count";

  private static final Logger log = LoggerFactory.getLogger(ReportParser.class);
  private static final JsonFactory JSON = new JsonFactory();

  /** Of the lines of a report, each of which has a row, the name of a section or brackets. */
  private static final CharMatcher JSON_BEGINNINGS = CharMatcher.anyOf("{}[],\"");

  private static final Splitter TAGS = Splitter.on(',').omitEmptyStrings();

  /** As words, and as numbers if lvm.conf has {@code report/binary_values_as_numeric}. */
  private static final Set<String> ZEROES = Set.of("zero", "1");

  private ReportParser() {}

  /** Returns the rows of a section ({@code lv}, {@code vg}), each a map from column to text. */
  static List<Map<String, String>> rows(String json, String section) throws IOException {
    List<Map<String, String>> rows = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(withoutRemarks(json))) {
      boolean inSection = false;
      JsonToken token = parser.nextToken();
      while (token != null) {
        if (token == JsonToken.START_ARRAY) {
          inSection = section.equals(parser.currentName());
        } else if (token == JsonToken.START_OBJECT && inSection) {
          rows.add(row(parser));
        }
        token = parser.nextToken();
      }
    }
    return rows;
  }

  /** LVM may print a line of another sort into its report, such as that it tries again. */
  private static String withoutRemarks(String json) {
    return json.lines()
        .filter(
            line -> {
              boolean isJson = JSON_BEGINNINGS.matchesAllOf(beginning(line));
              if (!isJson) {
                log.info("LVM printed into its report: {}", line.strip());
              }
              return isJson;
            })
        .collect(Collectors.joining("\n"));
  }

  private static String beginning(String line) {
    String text = line.stripLeading();
    return text.isEmpty() ? "" : text.substring(0, 1);
  }

  private static Map<String, String> row(JsonParser parser) throws IOException {
    Map<String, String> row = new HashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String column = parser.currentName();
      parser.nextToken();
      row.put(column, parser.getText());
    }
    return row;
  }

  /**
   * Reads a report on logical volumes.
   *
   * @param thinPool the name of the pool whose volumes are wanted
   */
  static ThinPoolReport parse(String json, String thinPool) throws IOException {
    Optional<ReportedPool> pool = Optional.empty();
    Set<String> names = new HashSet<>();
    List<ReportedLv> inPool = new ArrayList<>();
    String group = "";
    long extentSize = 0;
    List<Map<String, String>> rows = rows(json, "lv");
    Map<String, String> dependents = dependents(rows, thinPool);
    for (Map<String, String> row : rows) {
      String name = text(row, "lv_name");
      names.add(name);
      group = text(row, "vg_uuid");
      extentSize = number(row, "vg_extent_size");
      if (text(row, "pool_lv").equals(thinPool)) {
        inPool.add(thinVolume(row, dependents.getOrDefault(name, "")));
      } else if (name.equals(thinPool) && text(row, "segtype").equals("thin-pool")) {
        pool = Optional.of(pool(row));
      }
    }
    return ThinPoolReport.of(group, extentSize, pool, names, inPool);
  }

  /**
   * Returns what depends on its origin, by the name of that. A thin volume does not if the origin
   * is in the same pool: it shares blocks, and keeps them.
   */
  private static Map<String, String> dependents(List<Map<String, String>> rows, String thinPool) {
    Map<String, String> dependents = new HashMap<>();
    for (Map<String, String> row : rows) {
      boolean shares = text(row, "segtype").equals("thin") && text(row, "pool_lv").equals(thinPool);
      if (!shares && !text(row, "origin").isEmpty()) {
        dependents.put(text(row, "origin"), text(row, "lv_name"));
      }
    }
    return dependents;
  }

  private static ReportedLv thinVolume(Map<String, String> row, String dependent)
      throws IOException {
    return new ReportedLv(
        text(row, "lv_name"), number(row, "lv_size"), tags(row), text(row, "lv_uuid"), dependent);
  }

  private static ReportedPool pool(Map<String, String> row) throws IOException {
    return new ReportedPool(
        text(row, "lv_uuid"),
        number(row, "lv_size"),
        number(row, "lv_metadata_size"),
        number(row, "chunk_size"),
        ZEROES.contains(text(row, "zero")),
        !text(row, "discards").equals("ignore"),
        number(row, "vg_missing_pv_count"),
        tags(row));
  }

  private static Set<String> tags(Map<String, String> row) {
    return Set.copyOf(TAGS.splitToList(text(row, "lv_tags")));
  }

  static String text(Map<String, String> row, String column) {
    return row.getOrDefault(column, "");
  }

  static long number(Map<String, String> row, String column) throws IOException {
    String text = text(row, column);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IOException(
          "LVM reports '%s' as %s of %s, which is no number"
              .formatted(text, column, text(row, "lv_name")),
          e);
    }
  }
}

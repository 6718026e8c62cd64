package io.cistern.driver.lvmthin;

import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes over a volume that has our names and no tags, as other tools make it: its content, its
 * session and its revisions. Only where there is content of exactly that name and none with a tag.
 */
final class Adoption {
  static final Set<LvRole> ADOPTED = Set.of(LvRole.CONTENT, LvRole.SESSION, LvRole.REVISION);

  private final LvmCommands commands;

  Adoption(LvmCommands commands) {
    this.commands = commands;
  }

  /** Returns what would be taken over, with the tags that it would get, the content last. */
  static List<ThinLv> candidates(ThinPoolReport report, LvNames names) {
    ReportedLv untagged = report.untagged().get(names.content());
    Optional<String> content = Optional.ofNullable(untagged).map(Adoption::stableId);
    long last =
        report.untagged().keySet().stream()
            .mapToLong(name -> names.parse(name).number())
            .max()
            .orElse(0);
    List<ThinLv> candidates = new ArrayList<>();
    for (Map.Entry<String, ReportedLv> each : report.untagged().entrySet()) {
      LvNames.Parsed parsed = names.parse(each.getKey());
      if (ADOPTED.contains(parsed.role()) && !each.getKey().matches(".*\\+[2-9]")) {
        Optional<String> over = parsed.role() == LvRole.SESSION ? content : Optional.empty();
        LvTags tags =
            new LvTags(
                names.base(),
                stableId(each.getValue()),
                over,
                Optional.empty(),
                last,
                false,
                Optional.empty(),
                false);
        candidates.add(new ThinLv(each.getKey(), each.getValue().size(), tags, parsed));
      }
    }
    candidates.sort(Comparator.comparing(lv -> lv.role() == LvRole.CONTENT));
    return candidates;
  }

  /**
   * Always the same for one logical volume, so that an adoption that was interrupted can go on, and
   * never the same for two: a name is used again when a backup is restored.
   */
  private static String stableId(ReportedLv lv) {
    String digits = Hashing.sha256().hashString(lv.uuid(), StandardCharsets.UTF_8).toString();
    return digits.substring(0, ContentIds.DIGITS);
  }

  /** Writes the tags; the content gets its own last, so that a crash leaves the rest to be done. */
  void run(VolumeView view) throws IOException {
    for (ThinLv each : candidates(view.report(), view.names())) {
      commands.changeTags(each.name(), each.tags().texts(), List.of());
    }
  }
}

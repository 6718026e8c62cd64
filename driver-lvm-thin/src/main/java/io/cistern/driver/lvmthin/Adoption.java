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
  private static final Set<LvRole> ADOPTED =
      Set.of(LvRole.CONTENT, LvRole.SESSION, LvRole.REVISION);

  private final LvmCommands commands;

  Adoption(LvmCommands commands) {
    this.commands = commands;
  }

  /** Returns what would be taken over, with the tags that it would get, the content last. */
  static List<ThinLv> candidates(ThinPoolReport report, LvNames names) {
    String content = stableId(names.content());
    long last =
        report.untagged().keySet().stream()
            .mapToLong(name -> names.parse(name).number())
            .max()
            .orElse(0);
    List<ThinLv> candidates = new ArrayList<>();
    for (Map.Entry<String, ReportedLv> each : report.untagged().entrySet()) {
      LvNames.Parsed parsed = names.parse(each.getKey());
      if (ADOPTED.contains(parsed.role()) && !each.getKey().matches(".*\\+[2-9]")) {
        Optional<String> over =
            parsed.role() == LvRole.SESSION ? Optional.of(content) : Optional.empty();
        LvTags tags =
            new LvTags(
                names.base(),
                stableId(each.getKey()),
                over,
                Optional.empty(),
                last,
                false,
                Optional.empty());
        candidates.add(new ThinLv(each.getKey(), each.getValue().size(), tags, parsed));
      }
    }
    candidates.sort(Comparator.comparing(lv -> lv.role() == LvRole.CONTENT));
    return candidates;
  }

  /** Always the same for one name, so that an adoption that was interrupted can go on. */
  private static String stableId(String name) {
    String digits = Hashing.sha256().hashString(name, StandardCharsets.UTF_8).toString();
    return digits.substring(0, ContentIds.DIGITS);
  }

  /** Writes the tags; the content gets its own last, so that a crash leaves the rest to be done. */
  void run(VolumeView view) throws IOException {
    for (ThinLv each : candidates(view.report(), view.names())) {
      commands.changeTags(each.name(), each.tags().texts(), List.of());
    }
  }
}

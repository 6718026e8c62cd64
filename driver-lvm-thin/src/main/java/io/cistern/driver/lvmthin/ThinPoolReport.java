package io.cistern.driver.lvmthin;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one report tells of a thin pool; it never changes.
 *
 * @param volumeGroupUuid of the volume group
 * @param extentSize what sizes are multiples of, in bytes
 * @param pool the thin pool, if there is one of that name
 * @param names all names that are taken in the volume group
 * @param volumes the logical volumes that are ours, by the encoded vid
 * @param untagged the other thin volumes of the pool, by name
 */
record ThinPoolReport(
    String volumeGroupUuid,
    long extentSize,
    Optional<ReportedPool> pool,
    Set<String> names,
    ImmutableListMultimap<String, ThinLv> volumes,
    Map<String, ReportedLv> untagged) {

  /** What a pool that is absent has. */
  static final ThinPoolReport NOTHING = of("", 0, Optional.empty(), Set.of(), List.of());

  static ThinPoolReport of(
      String volumeGroupUuid,
      long extentSize,
      Optional<ReportedPool> pool,
      Set<String> names,
      List<ReportedLv> inPool) {
    ListMultimap<String, ThinLv> volumes = MultimapBuilder.hashKeys().arrayListValues().build();
    ImmutableMap.Builder<String, ReportedLv> untagged = ImmutableMap.builder();
    for (ReportedLv each : inPool) {
      Optional<LvTags> tags = LvTags.parse(each.tags());
      if (tags.isPresent()) {
        String base = tags.get().volume();
        LvNames.Parsed parsed = new LvNames(base).parse(each.name());
        volumes.put(base, new ThinLv(each.name(), each.size(), tags.get(), parsed));
      } else {
        untagged.put(each.name(), each);
      }
    }
    return new ThinPoolReport(
        volumeGroupUuid,
        extentSize,
        pool,
        ImmutableSet.copyOf(names),
        ImmutableListMultimap.copyOf(volumes),
        untagged.buildOrThrow());
  }

  boolean isSetUp() {
    return pool.filter(found -> found.tags().contains(LvTags.POOL)).isPresent();
  }

  /** Returns what of a thin pool does not change with what is in it. */
  record ReportedPool(
      String uuid,
      long size,
      long metadataSize,
      long chunkSize,
      boolean zeroes,
      boolean passesDiscards,
      Set<String> tags) {}
}

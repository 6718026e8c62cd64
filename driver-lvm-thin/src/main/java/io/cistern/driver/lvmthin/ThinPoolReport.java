package io.cistern.driver.lvmthin;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import com.google.common.collect.Sets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What one report tells of a thin pool; it never changes.
 *
 * @param volumeGroupUuid of the volume group
 * @param extentSize what sizes are multiples of, in bytes
 * @param pool the thin pool, if there is one of that name
 * @param names all names that are taken in the volume group
 * @param inPool the thin volumes of the pool
 * @param volumes those of them that are ours, by the encoded vid
 * @param untagged the others, by name
 */
record ThinPoolReport(
    String volumeGroupUuid,
    long extentSize,
    Optional<ReportedPool> pool,
    Set<String> names,
    List<ReportedLv> inPool,
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
        List.copyOf(inPool),
        ImmutableListMultimap.copyOf(volumes),
        untagged.buildOrThrow());
  }

  /** Returns what there is once a thin volume was made. */
  ThinPoolReport added(ReportedLv lv) {
    List<ReportedLv> more = new ArrayList<>(inPool);
    more.add(lv);
    return of(volumeGroupUuid, extentSize, pool, Sets.union(names, Set.of(lv.name())), more);
  }

  /** Returns what there is once thin volumes were removed. */
  ThinPoolReport removed(Collection<String> gone) {
    Set<String> left = Sets.difference(names, Set.copyOf(gone));
    return of(
        volumeGroupUuid,
        extentSize,
        pool,
        left,
        inPool.stream().filter(lv -> !gone.contains(lv.name())).toList());
  }

  /** Returns what there is once a thin volume has become another one. */
  ThinPoolReport replaced(String name, UnaryOperator<ReportedLv> change) {
    return find(name).map(lv -> removed(Set.of(name)).added(change.apply(lv))).orElse(this);
  }

  /** Returns what there is once a thin volume was made from another one. */
  ThinPoolReport copied(String origin, String name, Set<String> tags) {
    return find(origin).map(lv -> added(new ReportedLv(name, lv.size(), tags))).orElse(this);
  }

  /** Returns what there is once the tags of the thin pool were changed. */
  ThinPoolReport retagged(Collection<String> added, Collection<String> removed) {
    Optional<ReportedPool> changed = pool.map(found -> found.tagged(added, removed));
    return of(volumeGroupUuid, extentSize, changed, names, inPool);
  }

  /** Returns the thin volume of that name. */
  Optional<ReportedLv> find(String name) {
    return inPool.stream().filter(lv -> lv.name().equals(name)).findFirst();
  }

  /** Tells whether the pool has a thin volume of that name that is so. */
  boolean has(String name, Predicate<ReportedLv> how) {
    return find(name).filter(how).isPresent();
  }

  /**
   * Tells whether this is what LVM has written: the same names, and thin volumes of the same sizes
   * and tags.
   */
  boolean agreesWith(Map<String, ReportedLv> written) {
    return names.equals(written.keySet())
        && inPool.stream().allMatch(lv -> lv.isLike(written.get(lv.name())));
  }

  boolean isSetUp() {
    return pool.filter(found -> found.tags().contains(LvTags.POOL)).isPresent();
  }

  /**
   * What of a thin pool does not change with what is in it.
   *
   * @param missingDevices how many physical volumes of its group LVM did not find, or does not use
   *     since they were missing once
   */
  record ReportedPool(
      String uuid,
      long size,
      long metadataSize,
      long chunkSize,
      boolean zeroes,
      boolean passesDiscards,
      long missingDevices,
      Set<String> tags) {
    ReportedPool tagged(Collection<String> added, Collection<String> removed) {
      return new ReportedPool(
          uuid,
          size,
          metadataSize,
          chunkSize,
          zeroes,
          passesDiscards,
          missingDevices,
          ReportedLv.tagsAfter(tags, added, removed));
    }
  }
}

package io.cistern.driver.lvmthin;

import com.google.common.collect.Sets;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A thin volume as LVM reports it.
 *
 * @param name its name
 * @param size in bytes
 * @param tags its tags
 * @param uuid of LVM; empty for what we have made ourselves since the last report
 * @param dependent the name of a logical volume that LVM would remove with it: a snapshot of it
 *     that is no thin volume, or one in another pool that reads from it; empty if there is none
 */
record ReportedLv(String name, long size, Set<String> tags, String uuid, String dependent) {
  /** What we have made ourselves. */
  ReportedLv(String name, long size, Set<String> tags) {
    this(name, size, tags, "", "");
  }

  ReportedLv named(String other) {
    return new ReportedLv(other, size, tags, uuid, dependent);
  }

  ReportedLv sized(long other) {
    return new ReportedLv(name, other, tags, uuid, dependent);
  }

  ReportedLv tagged(Collection<String> added, Collection<String> removed) {
    return new ReportedLv(name, size, tagsAfter(tags, added, removed), uuid, dependent);
  }

  /** Tells whether another one is as large and has the same tags. */
  boolean isLike(@Nullable ReportedLv other) {
    return other != null && size == other.size && tags.equals(other.tags);
  }

  /** Returns which tags there are once some were added and then others removed. */
  static Set<String> tagsAfter(
      Set<String> tags, Collection<String> added, Collection<String> removed) {
    return Set.copyOf(Sets.difference(Sets.union(tags, Set.copyOf(added)), Set.copyOf(removed)));
  }
}

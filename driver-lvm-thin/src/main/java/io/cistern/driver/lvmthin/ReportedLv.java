package io.cistern.driver.lvmthin;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * A thin volume as LVM reports it.
 *
 * @param name its name
 * @param size in bytes
 * @param tags its tags
 */
record ReportedLv(String name, long size, Set<String> tags) {
  ReportedLv named(String other) {
    return new ReportedLv(other, size, tags);
  }

  ReportedLv sized(long other) {
    return new ReportedLv(name, other, tags);
  }

  ReportedLv tagged(Collection<String> added, Collection<String> removed) {
    Set<String> all = new HashSet<>(tags);
    all.addAll(added);
    all.removeAll(removed);
    return new ReportedLv(name, size, Set.copyOf(all));
  }
}

package io.cistern.driver.reflink;

import io.cistern.driver.reflink.ImageNames.RevisionName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which of the names in a directory are a volume's, by their form alone.
 *
 * @param revisions what has a revision's name, by number
 * @param counters what carries the next revision's number
 * @param unfinished what was being made
 * @param exports what was pinned for a reader
 * @param isImporting whether there is an import
 * @param isRemoved whether there is a tombstone
 * @param highest the highest number that a revision or a counter vouches for as used, 0 if none
 */
record VolumeFiles(
    List<RevisionName> revisions,
    List<String> counters,
    List<String> unfinished,
    List<String> exports,
    boolean isImporting,
    boolean isRemoved,
    long highest) {

  static VolumeFiles among(ImageNames names, List<String> all) {
    List<RevisionName> revisions = new ArrayList<>();
    List<String> counters = new ArrayList<>();
    List<String> unfinished = new ArrayList<>();
    List<String> exports = new ArrayList<>();
    long highest = 0;
    for (String name : all) {
      Optional<RevisionName> revision = names.parseRevision(name);
      OptionalLong counter = names.counterNumber(name);
      if (revision.isPresent()) {
        revisions.add(revision.get());
        highest = Math.max(highest, revision.get().id().number());
      } else if (counter.isPresent()) {
        counters.add(name);
        highest = Math.max(highest, counter.getAsLong() - 1);
      } else if (names.isUnfinished(name)) {
        unfinished.add(name);
      } else if (names.isExport(name)) {
        exports.add(name);
      }
    }
    revisions.sort(Comparator.comparing(RevisionName::id).thenComparing(RevisionName::name));
    return new VolumeFiles(
        List.copyOf(revisions),
        List.copyOf(counters),
        List.copyOf(unfinished),
        List.copyOf(exports),
        all.contains(names.imported()),
        all.contains(names.tombstone()),
        highest);
  }
}

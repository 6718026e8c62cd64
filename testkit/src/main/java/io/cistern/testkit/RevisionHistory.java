package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.Volume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The revisions that a volume has and had, from one commit to the next: none changes, none goes but
 * the oldest beyond those that are kept, and no number is used twice (rules 401 to 403).
 */
final class RevisionHistory {
  private final Scenario scenario;
  private final String where;
  private final Volume volume;
  private final int kept;
  private Map<Long, Content> present;
  private long highest;
  private long lost;

  /**
   * Begins with those that there are: each has a number that was not used, or is one of those that
   * the volume had, with the time and the size of that.
   */
  RevisionHistory(Scenario scenario, String where, Volume volume, List<Revision> had) {
    this.scenario = scenario;
    this.where = where;
    this.volume = volume;
    this.kept = Math.max(volume.config().revisionsToKeep().orElseThrow(), 0);
    this.highest = had.stream().mapToLong(each -> each.id().number()).max().orElse(0);
    List<Revision> now = revisions();
    assertKnown(had, now);
    this.present = read(now);
    noteNumbers();
  }

  private List<Revision> revisions() {
    return scenario.waiting().await(volume.revisions());
  }

  private void assertKnown(List<Revision> had, List<Revision> now) {
    List<Revision> unknown =
        now.stream()
            .filter(revision -> revision.id().number() <= highest && !had.contains(revision))
            .toList();
    if (!unknown.isEmpty()) {
      throw new AssertionError(
          "%s: %s, there are the revisions %s, and before there were %s"
              .formatted(scenario.rule(), where, unknown, had));
    }
  }

  /** A commit was made: there is one revision more, if it has replaced something. */
  void committed() {
    Map<Long, Content> now = read(revisions());
    List<Long> added =
        now.keySet().stream().filter(number -> !present.containsKey(number)).toList();
    List<Long> expected = new ArrayList<>(present.keySet());
    expected.addAll(added);
    boolean isNew = added.isEmpty() || (added.size() == 1 && added.get(0) > highest);
    List<Long> newest = expected.subList(Math.max(0, expected.size() - kept), expected.size());
    if (!isNew || !(newest.equals(List.copyOf(now.keySet())) || areLost())) {
      throw new AssertionError(
          "%s: %s, after a commit that keeps %d the revisions are %s; before it there were %s, and %d was used"
              .formatted(scenario.rule(), where, kept, now.keySet(), present.keySet(), highest));
    }
    now.forEach(this::assertUnchanged);
    present = now;
    noteNumbers();
  }

  private void assertUnchanged(long number, Content content) {
    Content before = present.get(number);
    if (before != null) {
      new Images(scenario)
          .assertSame("%s, revision %d of %s".formatted(where, number, volume), content, before);
    }
  }

  /** A driver may have to give revisions up, and says so. */
  private boolean areLost() {
    long before = lost;
    lost =
        scenario.events().stream()
            .filter(event -> event.type() == StorageEvent.Type.REVISION_LOST)
            .filter(event -> event.volume().equals(Optional.of(volume.id())))
            .count();
    return lost > before;
  }

  private void noteNumbers() {
    for (long number : present.keySet()) {
      highest = Math.max(highest, number);
    }
  }

  private Map<Long, Content> read(List<Revision> revisions) {
    Map<Long, Content> all = new LinkedHashMap<>();
    long last = 0;
    for (Revision revision : revisions) {
      long number = revision.id().number();
      if (number <= last) {
        throw new AssertionError(
            "%s: %s, revision %d of %s is listed after %d"
                .formatted(scenario.rule(), where, number, volume, last));
      }
      last = number;
      all.put(number, new Images(scenario).revision(volume, revision));
    }
    return all;
  }
}

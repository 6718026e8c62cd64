package io.cistern.driver.lvmthin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The logical volumes of one volume, and what they are, as one report tells.
 *
 * <p>A switch of content is two renames: the content goes aside, its successor gets its name.
 * Between the two there is no {@link LvRole#CONTENT}; then the content is what a successor says
 * that it replaces ({@link LvTags#over}). Without such a successor somebody has removed the
 * content, and there is none.
 */
final class VolumeView {
  private final LvNames names;
  private final ThinPoolReport report;
  private final List<ThinLv> all;
  private final boolean untagged;

  private VolumeView(LvNames names, ThinPoolReport report, List<ThinLv> all, boolean untagged) {
    this.names = names;
    this.report = report;
    this.all = all;
    this.untagged = untagged;
  }

  /**
   * Takes a volume's logical volumes out of a report, also those that it would adopt. None of them
   * while a tombstone is there: what has the volume's names then is what somebody put there since.
   */
  static VolumeView of(ThinPoolReport report, LvNames names) {
    VolumeView tagged = ofTagged(report, names);
    boolean adoptsNothing = tagged.isRemoved() || tagged.first(LvRole.CONTENT).isPresent();
    if (adoptsNothing || !report.untagged().containsKey(names.content())) {
      return tagged;
    }
    List<ThinLv> all = new ArrayList<>(tagged.all);
    all.addAll(Adoption.candidates(report, names));
    return new VolumeView(names, report, all, true);
  }

  /**
   * Takes only those out of a report that are the volume's for sure, as what removes things has to.
   */
  static VolumeView ofTagged(ThinPoolReport report, LvNames names) {
    return new VolumeView(names, report, report.volumes().get(names.base()), false);
  }

  LvNames names() {
    return names;
  }

  ThinPoolReport report() {
    return report;
  }

  /** Returns everything that is the volume's, whatever it is. */
  List<ThinLv> all() {
    return all;
  }

  /** Tells whether there are logical volumes that are the volume's by name alone. */
  boolean isUntagged() {
    return untagged;
  }

  /** Tells whether the volume is removed, and only some of it is still there. */
  boolean isRemoved() {
    return first(LvRole.REMOVED).isPresent();
  }

  private Optional<ThinLv> first(LvRole role) {
    return all.stream().filter(lv -> lv.role() == role).findFirst();
  }

  private Optional<ThinLv> unlessRemoved(LvRole role) {
    return isRemoved() ? Optional.empty() : first(role);
  }

  Optional<ThinLv> session() {
    return unlessRemoved(LvRole.SESSION);
  }

  Optional<ThinLv> imported() {
    return unlessRemoved(LvRole.IMPORT);
  }

  Optional<ThinLv> next() {
    return unlessRemoved(LvRole.NEXT);
  }

  /** Returns the committed content, under whichever name. */
  Optional<ThinLv> content() {
    Optional<ThinLv> content = unlessRemoved(LvRole.CONTENT);
    return content.isPresent() ? content : aside();
  }

  /** Returns the content if a switch was interrupted after the first of its renames. */
  Optional<ThinLv> aside() {
    if (isRemoved() || first(LvRole.CONTENT).isPresent()) {
      return Optional.empty();
    }
    return all.stream()
        .filter(VolumeView::canReplace)
        .flatMap(lv -> replacedBy(lv).stream())
        .findFirst();
  }

  private static boolean canReplace(ThinLv lv) {
    return switch (lv.role()) {
      case SESSION, IMPORT, NEXT -> true;
      default -> false;
    };
  }

  private Optional<ThinLv> replacedBy(ThinLv successor) {
    return all.stream()
        .filter(lv -> lv.role() == LvRole.REVISION || lv.role() == LvRole.REPLACED)
        .filter(lv -> successor.tags().over().filter(lv.tags().content()::equals).isPresent())
        .findFirst();
  }

  /** Tells whether there is a session in place. */
  boolean isInPlace() {
    return unlessRemoved(LvRole.CONTENT).filter(lv -> lv.tags().inPlace()).isPresent();
  }

  /** Returns what the VM writes to. */
  Optional<ThinLv> written() {
    return isInPlace() ? content() : session();
  }

  /** Returns the revisions, oldest first: no leftovers, and none that was given up. */
  List<ThinLv> revisions() {
    if (isRemoved()) {
      return List.of();
    }
    Optional<ThinLv> aside = aside();
    long floor = floor();
    return all.stream()
        .filter(lv -> lv.role() == LvRole.REVISION && lv.number() >= floor)
        .filter(lv -> aside.filter(lv::equals).isEmpty())
        .filter(lv -> !isTaken(lv))
        .sorted(Comparator.comparingLong(ThinLv::number))
        .toList();
  }

  /** Returns what nobody has given up: content, revisions, and a session made of some content. */
  List<ThinLv> kept() {
    List<ThinLv> kept = new ArrayList<>(revisions());
    content().ifPresent(kept::add);
    session()
        .filter(lv -> lv.tags().over().isPresent() || lv.tags().from().isPresent())
        .ifPresent(kept::add);
    return kept;
  }

  /** Returns below which number revisions are given up, as a switch that was made has said. */
  private long floor() {
    Optional<ThinLv> aside = aside();
    return all.stream()
        .filter(lv -> aside.filter(lv::equals).isEmpty())
        .mapToLong(lv -> lv.parsed().floor())
        .max()
        .orElse(0);
  }

  /** Returns the revisions that were given up and are still there. */
  List<ThinLv> givenUp() {
    long floor = floor();
    return isRemoved()
        ? List.of()
        : all.stream().filter(lv -> lv.role() == LvRole.REVISION && lv.number() < floor).toList();
  }

  /** Returns what was a revision until the content was made from it; a leftover of that revert. */
  Optional<ThinLv> taken() {
    return all.stream()
        .filter(lv -> lv.role() == LvRole.REVISION && isTaken(lv))
        .filter(lv -> !isRemoved())
        .findFirst();
  }

  private boolean isTaken(ThinLv revision) {
    return first(LvRole.CONTENT)
        .flatMap(content -> content.tags().from())
        .filter(revision.tags().content()::equals)
        .isPresent();
  }

  /** Returns the highest number that a revision ever had, as far as anything vouches for it. */
  long lastNumber() {
    return all.stream().mapToLong(lv -> Math.max(lv.number(), lv.tags().last())).max().orElse(0);
  }

  /** Returns a name that is not taken in the volume group. */
  String free(String wanted) {
    return LvNames.free(wanted, report.names());
  }

  /** Returns tags for content that is to replace what there is. */
  LvTags successorTags() {
    return LvTags.fresh(names.base())
        .over(content().map(lv -> lv.tags().content()))
        .last(lastNumber());
  }
}

package io.cistern.driver.lvmthin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds what is no longer needed in a thin pool. Only what carries our tags, and nothing that
 * somebody has open, or that LVM would not remove without what somebody has made of it.
 *
 * <p>What is made under a name that a later operation uses again (a session, an import) is not
 * found here, unless its volume is removed: who changes the volume next sees to it.
 */
final class Garbage {
  /** Gives what there is. */
  interface Reports {
    /** Returns what there is now. */
    ThinPoolReport current() throws IOException;
  }

  /**
   * What was found.
   *
   * @param removable what can be removed
   * @param idle revisions that are active though nobody needs them to be
   */
  record Found(List<ThinLv> removable, List<String> idle) {}

  private final Reports reports;
  private final LvDevices devices;
  private final LvHolders holders;
  private final Predicate<String> isExported;
  private final Predicate<String> isPinned;

  /**
   * Looks with these eyes.
   *
   * @param isExported tells of a name whether a reader was given it
   * @param isPinned tells of a content whether a clone is being made of it
   */
  Garbage(
      Reports reports,
      LvDevices devices,
      Predicate<String> isExported,
      Predicate<String> isPinned) {
    this.reports = reports;
    this.devices = devices;
    this.holders = new LvHolders(devices);
    this.isExported = isExported;
    this.isPinned = isPinned;
  }

  Found find() throws IOException {
    ThinPoolReport report = reports.current();
    if (!report.isSetUp()) {
      return new Found(List.of(), List.of());
    }
    List<ThinLv> candidates = new ArrayList<>();
    List<String> revisions = new ArrayList<>();
    for (String base : report.volumes().keySet()) {
      VolumeView view = VolumeView.ofTagged(report, new LvNames(base));
      view.all().stream().filter(lv -> isGarbage(view, lv)).forEach(candidates::add);
      view.revisions().stream().filter(this::isUnpinned).map(ThinLv::name).forEach(revisions::add);
    }
    return new Found(unheld(report, candidates), idle(revisions));
  }

  private boolean isGarbage(VolumeView view, ThinLv lv) {
    if (lv.role() == LvRole.EXPORT) {
      return !isExported.test(lv.name());
    }
    if (view.isRemoved()) {
      return lv.role() == LvRole.REMOVED ? isLast(view) : lv.role() != LvRole.UNKNOWN;
    }
    return switch (lv.role()) {
      case DROPPED -> true;
      case REPLACED ->
          !keepsOthersDown(view, lv)
              && view.all().stream().anyMatch(other -> other.role() == LvRole.CONTENT);
      case REVISION ->
          view.givenUp().contains(lv)
              || (view.taken().filter(lv::equals).isPresent() && !keepsOthersDown(view, lv));
      default -> false;
    };
  }

  /** What says that revisions are given up goes after them. */
  private static boolean keepsOthersDown(VolumeView view, ThinLv lv) {
    return view.givenUp().stream().anyMatch(other -> other.number() < lv.parsed().floor());
  }

  /** The tombstone goes when there is nothing left that it keeps dead. */
  private static boolean isLast(VolumeView view) {
    return view.all().stream()
        .map(ThinLv::role)
        .allMatch(
            role -> role == LvRole.REMOVED || role == LvRole.EXPORT || role == LvRole.UNKNOWN);
  }

  /** Tells whether no clone is being made of it. */
  boolean isUnpinned(ThinLv lv) {
    return !isPinned.test(lv.tags().content());
  }

  private List<ThinLv> unheld(ThinPoolReport report, List<ThinLv> candidates) throws IOException {
    List<ThinLv> removable = new ArrayList<>();
    for (ThinLv each : candidates) {
      boolean isOrigin = report.has(each.name(), lv -> !lv.dependent().isEmpty());
      if (!isOrigin && isUnpinned(each) && !holders.isOpen(each.name())) {
        removable.add(each);
      }
    }
    return removable;
  }

  private List<String> idle(List<String> revisions) throws IOException {
    List<String> idle = new ArrayList<>();
    if (!revisions.isEmpty()) {
      for (String name : devices.active(revisions)) {
        if (!holders.isOpen(name)) {
          idle.add(name);
        }
      }
    }
    return idle;
  }

  /** Returns what a volume that is removed has left, without exports and tombstones. */
  List<ThinLv> ofRemoved(String base) throws IOException {
    VolumeView view = VolumeView.ofTagged(reports.current(), new LvNames(base));
    return view.isRemoved()
        ? view.all().stream()
            .filter(lv -> lv.role() != LvRole.REMOVED && lv.role() != LvRole.UNKNOWN)
            .filter(lv -> lv.role() != LvRole.EXPORT)
            .toList()
        : List.of();
  }

  List<ThinLv> tombstones(String base) throws IOException {
    return VolumeView.ofTagged(reports.current(), new LvNames(base)).all().stream()
        .filter(lv -> lv.role() == LvRole.REMOVED)
        .toList();
  }

  /** Returns which of these there are. */
  List<String> existing(Collection<String> names) throws IOException {
    ThinPoolReport report = reports.current();
    return names.stream().filter(report.names()::contains).toList();
  }
}

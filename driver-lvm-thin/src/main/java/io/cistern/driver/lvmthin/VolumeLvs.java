package io.cistern.driver.lvmthin;

import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/** The logical volumes of one volume: what there is, and what has to be done before a change. */
final class VolumeLvs {
  private final LvmThinPool pool;
  private final LvNames names;

  /**
   * Held for writing by who takes a name away, as a switch does, for reading by who makes a
   * snapshot of something by its name. Who holds it waits for LVM's commands only.
   */
  private final ReadWriteLock switching = new ReentrantReadWriteLock(true);

  /** Whether this process is importing: else an import that is there is a dead one's. */
  private volatile boolean importing;

  VolumeLvs(LvmThinPool pool, String vid) {
    this.pool = pool;
    this.names = new LvNames(VolumeNames.encode(vid));
  }

  LvNames names() {
    return names;
  }

  void setImporting(boolean value) {
    importing = value;
  }

  /** Returns what there is; nothing if the pool is absent. */
  VolumeView view() throws IOException {
    return VolumeView.of(pool.present().orElse(ThinPoolReport.NOTHING), names);
  }

  /**
   * Returns what there is, ready to be changed: adopted, and without what a dead process left half
   * done (rule 904). Costs commands only if there is such a thing.
   */
  VolumeView settled() throws IOException {
    VolumeView view = view();
    if (view.isRemoved()) {
      finishRemoval();
      view = view();
    }
    if (view.isUntagged()) {
      new Adoption(pool.commands()).run(view);
      view = view();
    }
    view = putBack(view);
    Optional<ThinLv> next = view.next();
    if (next.isPresent()) {
      drop(next.get());
      view = view();
    }
    while (!importing && view.imported().isPresent()) {
      drop(view.imported().get());
      view = view();
    }
    return view;
  }

  /**
   * The same where there was no content. What somebody put there while a tombstone was left is the
   * content as soon as that is gone.
   */
  VolumeView settledWithoutContent() throws IOException {
    VolumeView view = settled();
    Optional<ThinLv> content = view.content();
    if (content.isPresent()) {
      throw new DriverException(
          Code.VOLUME_EXISTS,
          "somebody has put %s there since it was removed".formatted(content.get().name()),
          "It is the volume's content now: use it, or remove it first");
    }
    return view;
  }

  /**
   * Gives the content its name again, which it has lost to a successor that did not get it. What
   * tells that it is the content is the successor: so it goes after this only.
   */
  private VolumeView putBack(VolumeView view) throws IOException {
    Optional<ThinLv> aside = view.aside();
    if (aside.isEmpty()) {
      return view;
    }
    named(view, names.content(), name -> rename(aside.get(), name));
    return view();
  }

  /** Gives an import up that was not committed, if there is one. */
  void dropImport() throws IOException {
    Optional<ThinLv> imported = putBack(view()).imported();
    if (imported.isPresent()) {
      drop(imported.get());
    }
  }

  /** Gives something up, durably; it is removed in the background. */
  void drop(ThinLv lv) throws IOException {
    rename(lv, names.dropped(lv.tags().content()));
    pool.reclaimer().wake();
  }

  /** Runs a command with a name that is free. */
  String named(VolumeView view, String wanted, FreeName.Naming naming) throws IOException {
    return FreeName.take(view, wanted, this::view, naming);
  }

  /** Takes names away, once nobody is about to read anything by them. */
  private void unread(LvmRunner.Action change) throws IOException {
    switching.writeLock().lock();
    try {
      change.run();
    } finally {
      switching.writeLock().unlock();
    }
  }

  private void finishRemoval() throws IOException {
    unread(() -> pool.reclaimer().finishRemoval(names.base()));
  }

  /** Has what a switch has given up mean nothing any more. */
  void giveUp(VolumeView view) throws IOException {
    unread(() -> pool.reclaimer().giveUp(view.givenUp(), view.names()));
  }

  /** Gives it another name, once nobody is about to read it by the present one. */
  private void rename(ThinLv lv, String name) throws IOException {
    unread(() -> pool.commands().rename(lv.name(), name));
  }

  /**
   * Makes one logical volume the tombstone that says of all others that they are removed. If there
   * is one, what somebody has put there since is not what is to be removed.
   */
  void bury() throws IOException {
    if (view().isRemoved()) {
      finishRemoval();
      return;
    }
    VolumeView view = settled();
    Optional<ThinLv> tombstone =
        view.content()
            .or(view::session)
            .or(() -> view.revisions().stream().findFirst())
            .or(() -> view.all().stream().filter(VolumeLvs::mayComeBack).findFirst());
    if (tombstone.isPresent()) {
      ThinLv lv = tombstone.get();
      rename(lv, names.removed(lv.tags().content()));
    }
  }

  /** What was dropped never does; it goes without a tombstone. What somebody renamed is his. */
  private static boolean mayComeBack(ThinLv lv) {
    return lv.role() != LvRole.EXPORT && lv.role() != LvRole.DROPPED && lv.role() != LvRole.UNKNOWN;
  }

  /** Something done while the content has a name that stays. */
  interface Reading<T> {
    T read(VolumeView view) throws IOException;
  }

  /** Works on the content, or on a revision, while it keeps its name. */
  <T> T reading(Reading<T> reading) throws IOException {
    switching.readLock().lock();
    try {
      return reading.read(view());
    } finally {
      switching.readLock().unlock();
    }
  }

  /** Makes new content the committed one, as {@link ContentSwitch#run} does. */
  void replace(VolumeView view, String successor, Retention retention) throws IOException {
    unread(() -> new ContentSwitch(pool, this::view).run(view, successor, retention));
    pool.reclaimer().wake();
  }

  /** Makes sure that a logical volume has a device. */
  void activate(String name) throws IOException {
    if (pool.devices().device(name).isEmpty()) {
      pool.commands().activate(List.of(name));
    }
    pool.devices().awaitPath(name);
  }

  /** Makes durable what was written to the device; one that is not active was closed in order. */
  void sync(ThinLv lv) throws IOException {
    if (pool.devices().device(lv.name()).isPresent()) {
      pool.devices().sync(lv.name());
    }
  }

  /** Makes a snapshot that is to become the content, and switches to it once it is prepared. */
  void replaceBySnapshot(
      VolumeView view, ThinLv origin, LvTags tags, Preparation preparation, Retention retention)
      throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(this::sweepNext);
      String next =
          named(
              view,
              names.next(),
              name -> pool.commands().snapshot(origin.name(), name, true, tags.texts()));
      preparation.prepare(next);
      replace(view, next, retention);
      undo.disarm();
    }
  }

  /** What is done to new content before it becomes the content. */
  interface Preparation {
    void prepare(String name) throws IOException;
  }

  /** What can't be given up now is swept by the next change. */
  private void sweepNext() throws IOException {
    Optional<ThinLv> left = putBack(view()).next();
    if (left.isPresent()) {
      drop(left.get());
    }
  }

  /**
   * Keeps the highest number of a revision, which is about to lose its only name (rule 402). A
   * session may be discarded, and what is dropped is on its way out: neither vouches for a number.
   */
  void keepNumber(VolumeView view, ThinLv revision) throws IOException {
    boolean kept =
        Stream.concat(view.content().stream(), view.revisions().stream())
            .filter(lv -> !lv.equals(revision))
            .anyMatch(lv -> Math.max(lv.number(), lv.tags().last()) >= revision.number());
    Optional<ThinLv> carrier = view.content().or(view::session);
    if (!kept && carrier.isPresent()) {
      long earlier = carrier.get().tags().last();
      pool.commands()
          .changeTags(
              carrier.get().name(),
              List.of(LvTags.lastText(revision.number())),
              earlier > 0 && earlier != revision.number()
                  ? List.of(LvTags.lastText(earlier))
                  : List.of());
    }
  }
}

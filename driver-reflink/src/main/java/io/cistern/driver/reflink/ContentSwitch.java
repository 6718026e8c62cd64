package io.cistern.driver.reflink;

import io.cistern.directory.DirectoryFailures;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes another image the content of a volume, and prunes old revisions after that. */
final class ContentSwitch {
  private static final Logger log = LoggerFactory.getLogger(ContentSwitch.class);

  private final ReflinkPool pool;
  private final ImageNames names;

  /** What an earlier change could not sync: whatever is done next has that to do first. */
  private enum Owed {
    NOTHING(""),
    /** Of a switch that ended no session. */
    SYNC("is switched to its new content"),
    /** Of a stop that committed; it has not ended before, and can be repeated. */
    COMMIT("is switched to what its VM wrote"),
    /** The same of a stop that discarded. */
    DISCARD("has no session any more"),
    /** The same of a stop in place. */
    END_IN_PLACE("is written in place no longer");

    final String done;

    Owed(String done) {
      this.done = done;
    }
  }

  /** What is to be made durable, or to be ended by the stop that could not make it so. */
  private volatile Owed owed = Owed.NOTHING;

  private volatile boolean unsynced;

  ContentSwitch(ReflinkPool pool, ImageNames names) {
    this.pool = pool;
    this.names = names;
  }

  /** Returns which session a stop has ended but for its sync, so that it is still to end. */
  Optional<SessionForm> unfinished() {
    return switch (owed) {
      case NOTHING, SYNC -> Optional.empty();
      case COMMIT -> Optional.of(SessionForm.APART);
      case DISCARD -> Optional.of(SessionForm.DROPPED);
      case END_IN_PLACE -> Optional.of(SessionForm.IN_PLACE);
    };
  }

  /** Switches to a session's synced image. */
  void sessionIn(VolumeDirectory directory, VolumeFiles files, int revisionsToKeep)
      throws IOException {
    run(
        directory,
        names.dirty(),
        new Revisions(directory, files, pool.holders()),
        revisionsToKeep > 0);
    sync(directory, Owed.COMMIT);
    prune(directory, revisionsToKeep);
  }

  /** Ends a stop that was made, but for its sync, by an earlier attempt. */
  void finish(VolumeDirectory directory, int revisionsToKeep) throws IOException {
    settle(directory);
    boolean isCommitted = owed == Owed.COMMIT;
    owed = Owed.NOTHING;
    if (isCommitted) {
      prune(directory, revisionsToKeep);
    }
  }

  /** There is no way back to the content before, which may be gone. */
  void checkNotCommitted(VolumeDirectory directory) throws DriverException {
    if (owed == Owed.COMMIT) {
      throw new DriverException(
          Code.UNSUPPORTED,
          "an earlier stop has made what its VM wrote the content of %s, but for a sync that failed"
              .formatted(directory.path(names.clean())),
          "Repeat that stop(); what it replaced is a revision, if any are kept");
    }
  }

  /** Syncs what an earlier change could not; a stop that did not end for that is still to end. */
  void settle(VolumeDirectory directory) throws IOException {
    if (unsynced) {
      directory.directory().sync();
      unsynced = false;
    }
    if (owed == Owed.SYNC) {
      owed = Owed.NOTHING;
    }
  }

  /** Makes it durable that a session was discarded. */
  void syncDiscard(VolumeDirectory directory) throws IOException {
    sync(directory, Owed.DISCARD);
  }

  /** Makes the end of a session in place durable. */
  void syncEndInPlace(VolumeDirectory directory) throws IOException {
    sync(directory, Owed.END_IN_PLACE);
  }

  /** Makes a switch durable that ended no session. */
  void syncSwitch(VolumeDirectory directory) throws IOException {
    sync(directory, Owed.SYNC);
  }

  /** Tries again once, since what was done can't be taken back. */
  private void sync(VolumeDirectory directory, Owed ifItFails) throws IOException {
    try {
      directory.directory().sync();
      unsynced = false;
      owed = Owed.NOTHING;
    } catch (IOException e) {
      log.warn(
          "{} {}, but that is not durable yet: {}",
          directory.path(names.clean()),
          ifItFails.done,
          e.getMessage());
      owed = ifItFails;
      unsynced = true;
      try {
        settle(directory);
        owed = Owed.NOTHING;
      } catch (IOException again) {
        again.addSuppressed(e);
        throw notDurable(directory, ifItFails, again);
      }
    }
  }

  private DriverException notDurable(VolumeDirectory directory, Owed what, IOException failure) {
    // No refusal, whatever the error, since those promise that nothing was done.
    boolean full = DirectoryFailures.explain(failure).code() == Code.OUT_OF_SPACE;
    return new DriverException(
        full ? Code.OUT_OF_SPACE : Code.IO,
        "%s %s, but that may not survive a power cut yet: %s"
            .formatted(directory.path(names.clean()), what.done, failure.getMessage()),
        what == Owed.SYNC
            ? "See the kernel's log; do not repeat it: whatever is done to the volume next syncs it first"
            : "See the kernel's log, then repeat the stop: whatever is done to the volume next syncs"
                + " it first",
        failure);
  }

  /** Switches to a synced import. */
  void importedIn(VolumeDirectory directory, int revisionsToKeep) throws IOException {
    Revisions revisions = new Revisions(directory, directory.files(), pool.holders());
    run(directory, names.imported(), revisions, revisionsToKeep > 0);
    syncSwitch(directory);
    prune(directory, revisionsToKeep);
  }

  /** Switches back to a revision, whose name goes by that. */
  void revisionIn(VolumeDirectory directory, VolumeFiles files, RevisionId id, boolean keepReplaced)
      throws IOException {
    Revisions revisions = new Revisions(directory, files, pool.holders());
    String chosen = revisions.name(id);
    boolean isNumberKept = keepReplaced && directory.image(names.clean()).isPresent();
    if (!isNumberKept) {
      revisions.keepNumberOf(id);
    }
    run(directory, chosen, revisions, keepReplaced);
    syncSwitch(directory);
  }

  private void run(
      VolumeDirectory directory, String prepared, Revisions revisions, boolean keepReplaced)
      throws IOException {
    new SwitchProtocol(directory, revisions)
        .run(prepared, keepReplaced, pool.driverContext().clock().instant());
  }

  /** The switch is made: what goes wrong from here on is no failure of it (rule 1003). */
  private void prune(VolumeDirectory directory, int keep) {
    try {
      new Revisions(directory, directory.files(), pool.holders()).prune(keep);
    } catch (IOException e) {
      log.warn(
          "{} is committed, but old revisions are left until the next commit: {}",
          directory.path(names.clean()),
          e.getMessage());
    }
  }
}

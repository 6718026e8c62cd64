package io.cistern.driver.reflink;

import io.cistern.directory.DirectoryFailures;
import io.cistern.storage.RevisionId;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes another image the content of a volume, and prunes old revisions after that. */
final class ContentSwitch {
  private static final Logger log = LoggerFactory.getLogger(ContentSwitch.class);

  private final ReflinkPool pool;
  private final ImageNames names;

  /** What an earlier change could not sync: whatever is done next has that to do first. */
  private enum Owed {
    NOTHING,
    SYNC,
    /** The change was a stop, which has not ended before, and can be repeated. */
    SYNC_OF_STOP
  }

  private volatile Owed owed = Owed.NOTHING;

  ContentSwitch(ReflinkPool pool, ImageNames names) {
    this.pool = pool;
    this.names = names;
  }

  /** Tells whether a stop was made but for its sync, so that there is a session still to end. */
  boolean isStopUnfinished() {
    return owed == Owed.SYNC_OF_STOP;
  }

  /** Switches to a session's synced image. */
  void sessionIn(VolumeDirectory directory, VolumeFiles files, int revisionsToKeep)
      throws IOException {
    run(directory, names.dirty(), new Revisions(directory, files), revisionsToKeep > 0);
    syncStop(directory);
    prune(directory, revisionsToKeep);
  }

  /** Ends a stop whose switch was made by an earlier attempt. */
  void repeatSync(VolumeDirectory directory, int revisionsToKeep) throws IOException {
    settle(directory);
    prune(directory, revisionsToKeep);
  }

  /** Syncs what an earlier change could not. */
  void settle(VolumeDirectory directory) throws IOException {
    if (owed != Owed.NOTHING) {
      directory.directory().sync();
      owed = Owed.NOTHING;
    }
  }

  /** Makes the end of a session durable. */
  void syncStop(VolumeDirectory directory) throws IOException {
    sync(directory, Owed.SYNC_OF_STOP);
  }

  /** Makes a switch durable that ended no session. */
  void syncSwitch(VolumeDirectory directory) throws IOException {
    sync(directory, Owed.SYNC);
  }

  /** Tries again once, since what was done can't be taken back. */
  private void sync(VolumeDirectory directory, Owed ifItFails) throws IOException {
    try {
      directory.directory().sync();
      owed = Owed.NOTHING;
    } catch (IOException e) {
      log.warn(
          "{} is switched, but not durable yet: {}", directory.path(names.clean()), e.getMessage());
      owed = ifItFails;
      try {
        settle(directory);
      } catch (IOException again) {
        again.addSuppressed(e);
        throw notDurable(directory, again);
      }
    }
  }

  private DriverException notDurable(VolumeDirectory directory, IOException failure) {
    return new DriverException(
        DirectoryFailures.explain(failure).code(),
        "%s is switched to its new content, but that may not survive a power cut yet: %s"
            .formatted(directory.path(names.clean()), failure.getMessage()),
        "Repeat a stop, but nothing else: whatever is done to the volume next syncs it first",
        failure);
  }

  /** Switches to a synced import. */
  void importedIn(VolumeDirectory directory, int revisionsToKeep) throws IOException {
    Revisions revisions = new Revisions(directory, directory.files());
    run(directory, names.imported(), revisions, revisionsToKeep > 0);
    syncSwitch(directory);
    prune(directory, revisionsToKeep);
  }

  /** Switches back to a revision, whose name goes by that. */
  void revisionIn(VolumeDirectory directory, VolumeFiles files, RevisionId id, boolean keepReplaced)
      throws IOException {
    Revisions revisions = new Revisions(directory, files);
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
      new Revisions(directory, directory.files()).prune(keep);
    } catch (IOException e) {
      log.warn(
          "{} is committed, but old revisions are left until the next commit: {}",
          directory.path(names.clean()),
          e.getMessage());
    }
  }
}

package io.cistern.driver.reflink;

import io.cistern.storage.RevisionId;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes another image the content of a volume, and prunes old revisions after that. */
final class ContentSwitch {
  private static final Logger log = LoggerFactory.getLogger(ContentSwitch.class);

  private final ReflinkPool pool;
  private final ImageNames names;

  /** A stop made its switch, but could not sync it: the next stop has only that left to do. */
  private volatile boolean unsynced;

  ContentSwitch(ReflinkPool pool, ImageNames names) {
    this.pool = pool;
    this.names = names;
  }

  boolean isUnsynced() {
    return unsynced;
  }

  void forget() {
    unsynced = false;
  }

  /** Switches to a session's synced image. */
  void sessionIn(VolumeDirectory directory, VolumeFiles files, int revisionsToKeep)
      throws IOException {
    try {
      run(directory, names.dirty(), new Revisions(directory, files), revisionsToKeep > 0);
    } catch (IOException e) {
      unsynced = isAbsent(directory, names.dirty(), e);
      throw e;
    }
    prune(directory, revisionsToKeep);
  }

  void repeatSync(VolumeDirectory directory, int revisionsToKeep) throws IOException {
    directory.directory().sync();
    unsynced = false;
    prune(directory, revisionsToKeep);
  }

  /** Switches to a synced import. */
  void importedIn(VolumeDirectory directory, int revisionsToKeep) throws IOException {
    Revisions revisions = new Revisions(directory, directory.files());
    run(directory, names.imported(), revisions, revisionsToKeep > 0);
    prune(directory, revisionsToKeep);
  }

  /** Switches back to a revision, whose name goes by that. */
  void revisionIn(VolumeDirectory directory, VolumeFiles files, RevisionId id, boolean keepReplaced)
      throws IOException {
    Revisions revisions = new Revisions(directory, files);
    String chosen = revisions.name(id);
    boolean isNumberKept = keepReplaced && directory.image(names.clean()).isPresent();
    if (!isNumberKept) {
      revisions.keepNumber(List.of(id));
    }
    run(directory, chosen, revisions, keepReplaced);
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

  private static boolean isAbsent(VolumeDirectory directory, String name, IOException failure) {
    try {
      return directory.image(name).isEmpty();
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }
}

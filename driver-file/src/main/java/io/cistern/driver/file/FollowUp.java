package io.cistern.driver.file;

import io.cistern.driver.file.Recorded.Pending;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import java.io.IOException;
import java.util.Optional;

/**
 * Moves a volume's files as its record says. Each step can be done again: where it ended is seen by
 * which files are there. Needs the lock.
 */
final class FollowUp {
  private final Layers layers;

  FollowUp(Layers layers) {
    this.layers = layers;
  }

  /**
   * Does it, before anything rests on the files. Old blocks that are to go back are left: with
   * their store, the committed content can be read.
   */
  Recorded run(VolumeDirectory directory) throws IOException {
    Recorded recorded = layers.recorded(directory);
    // What followed would bring back in part what is removed.
    if (directory.isRemoved() || !follows(recorded.pending())) {
      return recorded;
    }
    layers.state().settle(directory);
    switch (recorded.pending()) {
      case KEEP_STORE -> keepStore(directory);
      case DROP_STORE -> removeRevisions(directory);
      default -> replace(directory, recorded.pending() == Pending.REPLACE_AND_KEEP);
    }
    if (recorded.pending() != Pending.KEEP_STORE) {
      // It belongs to what was replaced; whoever reads through it goes on doing so.
      directory.remove(layers.names().store());
    }
    Recorded settled = recorded.settled();
    layers.state().writeLazily(directory, settled);
    return settled;
  }

  private static boolean follows(Pending pending) {
    return pending != Pending.NOTHING && pending != Pending.PUT_BACK;
  }

  private void keepStore(VolumeDirectory directory) throws IOException {
    FileNames names = layers.names();
    if (directory.has(names.store())) {
      DurableFiles.replace(directory.directory(), names.store(), names.oldStore());
    }
    directory.remove(names.oldBase());
  }

  private void removeRevisions(VolumeDirectory directory) throws IOException {
    directory.remove(layers.names().oldStore());
    directory.remove(layers.names().oldBase());
  }

  /** At no instant is there no base. */
  private void replace(VolumeDirectory directory, boolean keep) throws IOException {
    FileNames names = layers.names();
    Directory files = directory.directory();
    Optional<FileStatus> next = directory.file(names.next());
    if (next.isPresent()) {
      if (keep && directory.has(names.base())) {
        directory.remove(names.replaced());
        DurableFiles.link(files, names.base(), names.replaced());
        DurableFiles.replace(files, names.replaced(), names.oldBase());
      }
      DurableFiles.replace(files, names.next(), names.base());
    }
    directory.remove(names.replaced());
    directory.remove(names.oldStore());
    if (!keep) {
      directory.remove(names.oldBase());
    }
  }
}

package io.cistern.driver.reflink;

import io.cistern.driver.reflink.ImageNames.Unfinished;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.CopyListener;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import java.io.IOException;
import java.util.Optional;

/**
 * Makes the image that a VM writes to.
 *
 * <pre>
 * clone  private.img -> private.img~dirty
 * fsync  private.img~dirty                    a clone is not durable, and not whole, before
 * rename private.img~dirty -> private-dirty.img
 * fsync  the directory                        a flush inside the VM relies on the name
 * </pre>
 *
 * <p>Without {@code saveOnStop} a crash discards the session anyway, so nothing is synced.
 */
final class StartProtocol {
  private static final int ALL_WRITE = 0222;
  private static final int OWNER_READS = 0400;

  private final VolumeDirectory directory;
  private final boolean durable;
  private final boolean dropped;

  /**
   * Makes one.
   *
   * @param durable whether a crash leaves the session
   * @param dropped whether nobody keeps what is written to it: then its mode lets nobody write
   */
  StartProtocol(VolumeDirectory directory, boolean durable, boolean dropped) {
    this.directory = directory;
    this.durable = durable;
    this.dropped = dropped;
  }

  /** Tells whether an image that is a session's is of one that is dropped. */
  static boolean isDropped(FileStatus image) {
    return (image.mode() & ALL_WRITE) == 0;
  }

  /**
   * Begins with the content of a committed image.
   *
   * @param identity recorded as where it came from, if it is another volume's
   */
  void from(OpenFile source, Optional<ContentIdentity> identity, CloneExpectation expectation)
      throws IOException {
    String unfinished = directory.names().unfinished(Unfinished.DIRTY);
    try (OpenFile image =
        DurableFiles.cloneOrCopy(
            source, directory.directory(), unfinished, CopyListener.none(), expectation)) {
      publish(image, unfinished, identity);
    }
  }

  /** Begins with zeros. */
  void empty(long size) throws IOException {
    String unfinished = directory.names().unfinished(Unfinished.DIRTY);
    try (OpenFile image = DurableFiles.make(directory.directory(), unfinished, size)) {
      publish(image, unfinished, Optional.empty());
    }
  }

  /** Lets the VM write the committed image; the second name tells that it does (rule 313). */
  void inPlace() throws IOException {
    Directory files = directory.directory();
    String dirty = directory.names().dirty();
    try (Undo undo = new Undo()) {
      DurableFiles.link(files, directory.names().clean(), dirty);
      undo.push(() -> files.unlink(dirty));
      files.sync();
      undo.disarm();
    }
  }

  private void publish(OpenFile image, String unfinished, Optional<ContentIdentity> identity)
      throws IOException {
    Directory files = directory.directory();
    String dirty = directory.names().dirty();
    try (Undo undo = new Undo()) {
      undo.push(() -> files.unlinkIfPresent(unfinished));
      if (identity.isPresent()) {
        identity.get().recordOn(image);
      }
      if (dropped) {
        image.changeMode(OWNER_READS);
      }
      if (durable) {
        image.sync();
      }
      DurableFiles.move(files, unfinished, dirty);
      undo.push(() -> files.unlinkIfPresent(dirty));
      if (durable) {
        files.sync();
      }
      undo.disarm();
    }
  }
}

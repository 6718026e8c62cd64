package io.cistern.driver.reflink;

import io.cistern.driver.reflink.ImageNames.Unfinished;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.CopyListener;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
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
  private final VolumeDirectory directory;
  private final boolean durable;

  StartProtocol(VolumeDirectory directory, boolean durable) {
    this.directory = directory;
    this.durable = durable;
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

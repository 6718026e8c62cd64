package io.cistern.driver.reflink;

import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.FileStatus;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Makes a prepared image the content of its volume, in one step that survives a power cut.
 *
 * <pre>
 * (the caller has synced the prepared image)
 * link   private.img -> private.img.124@…     the old content gets its revision's name
 * rename private-dirty.img -> private.img     the switch
 * fsync  the directory                        now both names are durable ({@link ContentSwitch})
 * </pre>
 *
 * <p>A crash before the rename leaves the new revision name on the current content itself, which is
 * recognised by its inode and swept (rule 406). No clone is made, and no committed image is ever
 * written to, so neither costs more with the number of extents. That one directory sync is enough
 * is what the power-cut suite shows on btrfs, XFS and ext4; link and rename are in one directory,
 * and the file systems log its changes in order.
 */
final class SwitchProtocol {
  private final VolumeDirectory directory;
  private final Revisions revisions;

  SwitchProtocol(VolumeDirectory directory, Revisions revisions) {
    this.directory = directory;
    this.revisions = revisions;
  }

  /**
   * Makes the switch.
   *
   * @param prepared the name of the synced image
   * @param keepReplaced whether the old content becomes a revision
   * @param now the revision's time
   */
  void run(String prepared, boolean keepReplaced, Instant now) throws IOException {
    String clean = directory.names().clean();
    Directory files = directory.directory();
    Optional<FileStatus> replaced = files.status(clean);
    if (replaced.isEmpty()) {
      DurableFiles.move(files, prepared, clean);
    } else {
      checkRegular(replaced.get(), clean);
      try (Undo undo = new Undo()) {
        if (keepReplaced) {
          String revision = directory.names().revision(revisions.next(), now);
          DurableFiles.link(files, clean, revision);
          undo.push(() -> files.unlink(revision));
        }
        DurableFiles.replace(files, prepared, clean);
        undo.disarm();
      }
    }
  }

  private void checkRegular(FileStatus status, String clean) throws DriverException {
    if (!status.isRegularFile()) {
      throw new DriverException(
          Code.IO,
          "%s is not a regular file, and was not made by Cistern".formatted(directory.path(clean)),
          "Move it away");
    }
  }
}

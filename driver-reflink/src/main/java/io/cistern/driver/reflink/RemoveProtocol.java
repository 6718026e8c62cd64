package io.cistern.driver.reflink;

import io.cistern.driver.reflink.ImageNames.RevisionName;
import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a volume: a durable tombstone first, then the rest in any order, the tombstone last. Once
 * the tombstone is there the volume is gone, and whoever finds it finishes the job (rule 205).
 */
final class RemoveProtocol {
  private static final Logger log = LoggerFactory.getLogger(RemoveProtocol.class);

  private final VolumeDirectory directory;

  RemoveProtocol(VolumeDirectory directory) {
    this.directory = directory;
  }

  void run() throws IOException {
    ImageNames names = directory.names();
    Directory files = directory.directory();
    VolumeFiles present = directory.files();
    Optional<String> main = firstPresent(names, present);
    if (main.isPresent()) {
      bury(files, main.get(), names.tombstone());
      files.sync();
    }
    finishQuietly();
  }

  /** An earlier tombstone may be there, which somebody holds. What else has its name stays. */
  private void bury(Directory files, String image, String tombstone) throws IOException {
    if (directory.image(tombstone).isPresent()) {
      DurableFiles.replace(files, image, tombstone);
    } else {
      DurableFiles.move(files, image, tombstone);
    }
  }

  /** An image becomes the tombstone: a full file system may have no room for another inode. */
  private Optional<String> firstPresent(ImageNames names, VolumeFiles present) throws IOException {
    List<String> candidates = new ArrayList<>(List.of(names.clean(), names.dirty()));
    present.revisions().stream().map(RevisionName::name).forEach(candidates::add);
    for (String candidate : candidates) {
      if (directory.image(candidate).isPresent()) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Removes what the tombstone stands for, and the tombstone. */
  void finish(VolumeFiles present) throws IOException {
    ImageNames names = directory.names();
    List<String> going = new ArrayList<>();
    going.add(names.dirty());
    going.add(names.imported());
    present.revisions().stream().map(RevisionName::name).forEach(going::add);
    going.addAll(present.unfinished());
    going.addAll(present.counters());
    going.add(names.tombstone());
    for (String name : going) {
      directory.remove(name);
    }
  }

  /** The volume is removed; what can't be cleaned up now is swept later (rule 1003). */
  private void finishQuietly() {
    try {
      finish(directory.files());
    } catch (IOException e) {
      log.warn(
          "{} is removed, but not all of its files: {}; the rest goes when the name is used again",
          directory.path(directory.names().clean()),
          e.getMessage());
    }
  }
}

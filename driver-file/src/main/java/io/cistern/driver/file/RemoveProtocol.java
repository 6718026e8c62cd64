package io.cistern.driver.file;

import io.cistern.linux.DurableFiles;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a volume: a durable tombstone first, then the rest in any order, the tombstone last. Once
 * the tombstone is there the volume is gone, and whoever finds it finishes the job (rule 205).
 */
final class RemoveProtocol {
  private static final Logger log = LoggerFactory.getLogger(RemoveProtocol.class);

  private final Layers layers;

  RemoveProtocol(Layers layers) {
    this.layers = layers;
  }

  void run(VolumeDirectory directory) throws IOException {
    // With the lock: an export makes files beside an image that is there, and then it has to stay.
    boolean buried = layers.locked(() -> bury(directory));
    // Whoever made an earlier tombstone may have died, or failed, before it was durable.
    if (buried || directory.has(layers.names().tombstone())) {
      directory.directory().sync();
    }
    try {
      finish(directory);
    } catch (IOException e) {
      log.warn(
          "{} is removed, but not all of its files: {}; the rest goes when the name is used again",
          directory.path(layers.names().base()),
          e.getMessage());
    }
  }

  /** An earlier tombstone may be there, which somebody holds. What else has its name stays. */
  private boolean bury(VolumeDirectory directory) throws IOException {
    Optional<String> image = firstPresent(directory);
    if (image.isEmpty()) {
      return false;
    }
    layers.removeOrigin(directory);
    String tombstone = layers.names().tombstone();
    if (directory.has(tombstone)) {
      DurableFiles.replace(directory.directory(), image.get(), tombstone);
    } else {
      DurableFiles.move(directory.directory(), image.get(), tombstone);
    }
    return true;
  }

  /** A file becomes the tombstone: a full file system may have no room for another inode. */
  private Optional<String> firstPresent(VolumeDirectory directory) throws IOException {
    List<String> present = directory.directory().list();
    for (String name : layers.names().all()) {
      boolean mayBecome = !name.equals(layers.names().tombstone()) && present.contains(name);
      if (mayBecome && directory.has(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  /** Removes what the tombstone stands for, and the tombstone at last. */
  void finish(VolumeDirectory directory) throws IOException {
    layers.locked(() -> layers.devices().removeUnused(Set.of()));
    FileNames names = layers.names();
    for (String name : directory.directory().list()) {
      boolean isOurs = names.all().contains(name) || names.isExportStore(name);
      if (isOurs && !name.equals(names.tombstone())) {
        directory.remove(name);
      }
    }
    directory.remove(names.tombstone());
  }
}

package io.cistern.directory;

import io.cistern.linux.Directory;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.FileStatus;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the volumes of a pool: the clean images in its directory and those below, and what is to
 * become one and has been committed. What else lies there is passed over: symbolic links,
 * directories of other pools, and whatever has a name that no vid could have (rules 109 and 110).
 */
final class PoolScan {
  /** Tells which volume an image is. */
  interface Recognition {
    /** Returns the name of the image that a file is, or may be about to become. */
    Optional<String> image(String name);

    Optional<FoundVolume> found(VolumeFolder folder, String vid) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(PoolScan.class);

  private final Recognition recognition;
  private final List<FoundVolume> found = new ArrayList<>();

  PoolScan(Recognition recognition) {
    this.recognition = recognition;
  }

  List<FoundVolume> run(Directory root) throws IOException {
    scan(root, "", 0);
    return List.copyOf(found);
  }

  private void scan(Directory directory, String prefix, int depth) throws IOException {
    Set<String> images = new LinkedHashSet<>();
    for (String name : directory.list()) {
      if (name.startsWith(".") || name.startsWith("-") || !isPath(name)) {
        continue;
      }
      Optional<String> image = recognition.image(name);
      if (image.isPresent()) {
        images.add(image.get());
      } else if (VidRules.componentProblem(name).isEmpty() && depth < VidRules.MAX_COMPONENTS) {
        descend(directory, name, prefix, depth);
      }
    }
    for (String image : images) {
      image(directory, image, prefix);
    }
  }

  /** Where the locale is not UTF-8, the JDK has no path for some names, and a VM no way to them. */
  private static boolean isPath(String name) {
    try {
      var unused = Path.of(name);
      return true;
    } catch (InvalidPathException e) {
      log.debug("passed over, since this process has no path for it: {}", e.getMessage());
      return false;
    }
  }

  private void image(Directory directory, String name, String prefix) throws IOException {
    String vid = prefix + name.substring(0, name.length() - VidRules.IMAGE.length());
    if (name.equals(VidRules.IMAGE) || VidRules.problem(vid).isPresent()) {
      return;
    }
    VolumeFolder folder = new VolumeFolder(directory, () -> {}, false);
    recognition.found(folder, vid).ifPresent(found::add);
  }

  private void descend(Directory directory, String name, String prefix, int depth)
      throws IOException {
    if (directory.status(name).filter(FileStatus::isDirectory).isEmpty()) {
      return;
    }
    try {
      Optional<Directory> below = directory.openIfPresent(name);
      if (below.isPresent()) {
        try (Directory present = below.get()) {
          if (present.status(PoolMarker.NAME).isEmpty()) {
            scan(present, prefix + name + "/", depth + 1);
          }
        }
      }
    } catch (SystemCallException e) {
      if (!DirectoryFailures.says(e, Meaning.DENIED)) {
        throw e;
      }
      log.debug("passed over, since it can't be read: {}", e.getMessage());
    }
  }
}

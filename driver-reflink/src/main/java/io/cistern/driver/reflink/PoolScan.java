package io.cistern.driver.reflink;

import io.cistern.linux.Directory;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.FileStatus;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.spi.FoundVolume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the volumes of a pool: the clean images in its directory and those below. What else lies
 * there is passed over: symbolic links, directories of other pools, and whatever has a name that no
 * vid could have (rules 109 and 110).
 */
final class PoolScan {
  private static final Logger log = LoggerFactory.getLogger(PoolScan.class);

  private final List<FoundVolume> found = new ArrayList<>();

  List<FoundVolume> run(Directory root) throws SystemCallException {
    scan(root, "", 0);
    return List.copyOf(found);
  }

  private void scan(Directory directory, String prefix, int depth) throws SystemCallException {
    for (String name : directory.list()) {
      if (name.startsWith(".") || name.startsWith("-")) {
        continue;
      }
      if (name.endsWith(ImageNames.IMAGE)) {
        image(directory, name, prefix);
      } else if (VidRules.componentProblem(name).isEmpty() && depth < VidRules.MAX_COMPONENTS) {
        descend(directory, name, prefix, depth);
      }
    }
  }

  private void image(Directory directory, String name, String prefix) throws SystemCallException {
    String vid = prefix + name.substring(0, name.length() - ImageNames.IMAGE.length());
    if (name.equals(ImageNames.IMAGE) || VidRules.problem(vid).isPresent()) {
      return;
    }
    Optional<FileStatus> status = directory.status(name).filter(FileStatus::isRegularFile);
    status.ifPresent(image -> found.add(new FoundVolume(vid, OptionalLong.of(image.size()))));
  }

  private void descend(Directory directory, String name, String prefix, int depth)
      throws SystemCallException {
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
      if (!ReflinkFailures.says(e, Meaning.DENIED)) {
        throw e;
      }
      log.debug("passed over, since it can't be read: {}", e.getMessage());
    }
  }
}

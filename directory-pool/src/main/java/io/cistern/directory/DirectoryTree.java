package io.cistern.directory;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import io.cistern.linux.Directory;
import io.cistern.linux.Errno;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.FileStatus;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories below the pool's own. They come with the first file of a volume and go with the
 * last one; who is about to make a file in one keeps others from removing it. One that is not as it
 * would have been made here is somebody else's, who has prepared it, and stays (rule 110).
 */
final class DirectoryTree {
  private static final Logger log = LoggerFactory.getLogger(DirectoryTree.class);
  private static final int SET_GROUP_ID = 02000;
  private static final int OWNER_ONLY = 0700;

  /** BTRFS_FIRST_FREE_OBJECTID of {@code linux/btrfs_tree.h}: the root of each subvolume. */
  private static final long SUBVOLUME_INODE = 256;

  private final Multiset<List<String>> used = HashMultiset.create();

  /** Those whose own names are known to be durable. */
  private final Set<List<String>> durableNames = ConcurrentHashMap.newKeySet();

  /** Opens a volume's directory, if it is there. */
  Optional<VolumeFolder> open(Directory root, List<String> components) throws IOException {
    Directory current = root;
    for (String component : components) {
      Optional<Directory> next;
      try {
        next = openOwn(current, component);
      } finally {
        closeUnless(current, root);
      }
      if (next.isEmpty()) {
        return Optional.empty();
      }
      current = next.get();
    }
    return Optional.of(new VolumeFolder(current, () -> {}, current != root));
  }

  /**
   * Opens a volume's directory, and makes what is missing of the way there.
   *
   * @param durable whether the names on the way are durable when this returns, whoever made them,
   *     unless somebody has put a directory of his own in the place of one
   */
  VolumeFolder openOrMake(Directory root, List<String> components, boolean durable)
      throws IOException {
    use(components);
    Directory current = root;
    try {
      for (List<String> way : prefixes(components)) {
        Directory next = openOrMake(current, way);
        try {
          if (durable && !durableNames.contains(way)) {
            current.sync();
            durableNames.add(way);
          }
        } finally {
          closeUnless(current, root);
          current = next;
        }
      }
    } catch (Throwable e) {
      closeUnless(current, root);
      release(components);
      throw e;
    }
    return new VolumeFolder(current, () -> release(components), current != root);
  }

  /** Removes a volume's directory and those above it, as far as they are empty and unused. */
  void removeEmpty(Directory root, List<String> components) {
    for (int depth = components.size(); depth > 0; depth--) {
      if (!removeIfEmpty(root, components.subList(0, depth))) {
        return;
      }
    }
  }

  private Directory openOrMake(Directory parent, List<String> way) throws IOException {
    String name = way.get(way.size() - 1);
    Optional<Directory> present = openOwn(parent, name);
    if (present.isPresent()) {
      return present.get();
    }
    // Somebody has removed the one whose name was durable; whoever finds the new one syncs, too.
    durableNames.remove(way);
    if (parent.makeDirectory(name)) {
      log.info("created the directory {}", parent.path().resolve(name));
    }
    return parent.open(name);
  }

  private static Optional<Directory> openOwn(Directory parent, String name) throws IOException {
    Optional<Directory> present = parent.openIfPresent(name);
    return present.isPresent() ? Optional.of(checkOwn(present.get())) : present;
  }

  /** A directory that has a marker is another pool's. */
  private static Directory checkOwn(Directory directory) throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(directory::close);
      if (directory.status(PoolMarker.NAME).isPresent()) {
        throw new DriverException(
            Code.INVALID_ARGUMENT,
            "%s is the directory of another pool".formatted(directory.path()),
            "Use that pool, or choose another vid");
      }
      undo.disarm();
      return directory;
    }
  }

  private synchronized boolean removeIfEmpty(Directory root, List<String> components) {
    if (used.contains(components)) {
      return false;
    }
    int last = components.size() - 1;
    try {
      Optional<VolumeFolder> parent = open(root, components.subList(0, last));
      if (parent.isEmpty()) {
        return false;
      }
      try (VolumeFolder present = parent.get()) {
        if (!isAsMadeHere(present.directory(), components.get(last))) {
          return false;
        }
        present.directory().removeDirectory(components.get(last));
        durableNames.remove(components);
        log.info("removed the directory {}", present.path(components.get(last)));
      }
      return true;
    } catch (SystemCallException e) {
      if (!DirectoryFailures.says(e, Meaning.ABSENT) && !isOccupied(e)) {
        log.warn("an empty directory can't be removed: {}", e.getMessage());
      }
      return false;
    } catch (IOException e) {
      log.warn("an empty directory can't be removed: {}", e.getMessage());
      return false;
    }
  }

  /**
   * A directory gets the mode of {@link Directory#makeDirectory}, and its parent's set-group-ID.
   */
  private static boolean isAsMadeHere(Directory parent, String name) throws IOException {
    Optional<FileStatus> status = parent.status(name);
    int inherited = parent.status().mode() & SET_GROUP_ID;
    return status
        .filter(it -> it.mode() == (OWNER_ONLY | inherited) && it.inode() != SUBVOLUME_INODE)
        .isPresent();
  }

  private static boolean isOccupied(SystemCallException e) {
    return e.errno().equals(Errno.ENOTEMPTY)
        || DirectoryFailures.says(e, Meaning.EXISTS)
        || DirectoryFailures.says(e, Meaning.BUSY);
  }

  private synchronized void use(List<String> components) {
    prefixes(components).forEach(used::add);
  }

  private synchronized void release(List<String> components) {
    prefixes(components).forEach(used::remove);
  }

  private static List<List<String>> prefixes(List<String> components) {
    List<List<String>> prefixes = new ArrayList<>();
    for (int depth = 1; depth <= components.size(); depth++) {
      prefixes.add(List.copyOf(components.subList(0, depth)));
    }
    return prefixes;
  }

  private static void closeUnless(Directory directory, Directory root) throws IOException {
    if (directory != root) {
      directory.close();
    }
  }
}

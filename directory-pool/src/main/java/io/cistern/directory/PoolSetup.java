package io.cistern.directory;

import io.cistern.linux.Directory;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a pool's directory ready, and undoes that. */
final class PoolSetup {
  /** Proves that the driver works on a directory; tells whether clones share blocks there. */
  interface Proof {
    boolean prove(Directory directory) throws IOException;

    /** Removes what a proof that was killed has left. */
    void removeRemains(Directory directory) throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(PoolSetup.class);

  private final PoolPlace place;
  private final Proof proof;

  PoolSetup(PoolPlace place, Proof proof) {
    this.place = place;
    this.proof = proof;
  }

  void setUp(boolean needsReflinks) throws IOException {
    try (Undo undo = new Undo()) {
      int made = makeDirectories(undo);
      if (!place.attach()) {
        throw new DriverException(
            Code.POOL_NOT_READY,
            place.path() + " is a symbolic link that leads nowhere",
            "Make the directory that it leads to, or remove the link");
      }
      Directory directory = place.directory().orElseThrow();
      if (made > 0) {
        undo.push(place::close);
      }
      boolean reflinks = proof.prove(directory);
      if (needsReflinks && !reflinks) {
        throw withoutReflinks(directory);
      }
      mark(made, reflinks);
      undo.disarm();
    }
  }

  /** The tree may come from another driver, or from another file system. */
  private void mark(int made, boolean reflinks) throws IOException {
    Optional<PoolMarker> present = place.marker();
    if (present.isEmpty()) {
      place.mark(new PoolMarker(made, reflinks));
    } else if (present.get().reflinks() != reflinks) {
      place.mark(new PoolMarker(present.get().madeDirectories(), reflinks));
    }
  }

  void destroy() throws IOException {
    Directory directory = place.require();
    PoolMarker marker = place.marker().orElseThrow();
    int made = marker.madeDirectories();
    // While it is a pool: what is in the way of this, the next attempt removes.
    proof.removeRemains(directory);
    PoolMarker.removeRemains(directory);
    directory.unlinkIfPresent(PoolMarker.NAME);
    try (Undo undo = new Undo()) {
      undo.push(() -> marker.write(directory));
      directory.sync();
      undo.disarm();
    }
    place.close();
    Path path = place.path();
    for (int left = made; left > 0 && removeDirectory(path); left--) {
      path = parentOf(path);
    }
  }

  private int makeDirectories(Undo undo) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    Path path = place.path();
    while (path != null && !isPresent(path)) {
      missing.push(path);
      path = path.getParent();
    }
    for (Path directory : missing) {
      try (Directory parent = place.linux().openDirectory(parentOf(directory))) {
        parent.makeDirectory(nameOf(directory));
        undo.push(() -> removeDirectory(directory));
        parent.sync();
      }
      log.info("created the directory {}", directory);
    }
    return missing.size();
  }

  private boolean isPresent(Path path) throws IOException {
    if (path.getNameCount() == 0) {
      return true;
    }
    Optional<Directory> present = place.linux().openDirectoryIfPresent(parentOf(path));
    if (present.isEmpty()) {
      return false;
    }
    try (Directory parent = present.get()) {
      return parent.status(nameOf(path)).isPresent();
    }
  }

  /** What others put there keeps the directory, and is no failure. */
  private boolean removeDirectory(Path path) throws IOException {
    try (Directory parent = place.linux().openDirectory(parentOf(path))) {
      parent.removeDirectory(nameOf(path));
      log.info("removed the directory {}", path);
      parent.sync();
      return true;
    } catch (SystemCallException e) {
      log.warn("the directory {} stays, since it can't be removed: {}", path, e.getMessage());
      return false;
    }
  }

  private static Path parentOf(Path path) {
    Path parent = path.getParent();
    return parent == null ? path : parent;
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static DriverException withoutReflinks(Directory directory) throws IOException {
    return new DriverException(
        Code.UNSUPPORTED,
        "the file system of %s (%s) can't clone files with FICLONE"
            .formatted(directory.path(), directory.fileSystem().name()),
        "Use btrfs, or XFS made with reflink=1; or set setup_check=no to have clones made by"
            + " copying");
  }
}

package io.cistern.directory;

import io.cistern.linux.Directory;
import io.cistern.linux.FileStatus;
import io.cistern.linux.Linux;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a pool: open, locked, and known to be set up. The descriptor that is held keeps
 * the file system from being unmounted under the pool; the lock on it (flock(2)) goes with the
 * process.
 */
final class PoolPlace implements AutoCloseable {
  /** A directory that is held, and what its marker says; no marker means it is not set up. */
  private record Held(Directory directory, FileStatus status, Optional<PoolMarker> marker) {}

  private final Linux linux;
  private final Path path;
  private volatile @Nullable Held held;

  PoolPlace(Linux linux, Path path) {
    this.linux = linux;
    this.path = path;
  }

  Path path() {
    return path;
  }

  Linux linux() {
    return linux;
  }

  /** Takes the directory into possession; tells whether it is there. */
  synchronized boolean attach() throws IOException {
    Held now = held;
    if (now != null && isInPlace(now)) {
      if (now.marker.isEmpty()) {
        held = new Held(now.directory, now.status, PoolMarker.read(now.directory));
      }
      return true;
    }
    close();
    Optional<Directory> present = linux.openDirectoryIfPresent(path);
    if (present.isPresent()) {
      hold(present.get());
    }
    return present.isPresent();
  }

  private void hold(Directory directory) throws IOException {
    try (Undo undo = new Undo()) {
      undo.push(directory::close);
      lock(directory);
      held = new Held(directory, directory.status(), PoolMarker.read(directory));
      undo.disarm();
    }
  }

  /** Marks the directory, which is held, as a pool; a marker that it has is replaced. */
  synchronized void mark(PoolMarker marker) throws IOException {
    Held now = Objects.requireNonNull(held);
    marker.write(now.directory);
    held = new Held(now.directory, now.status, Optional.of(marker));
  }

  /** Returns the pool's directory, which is set up and still the one that the path leads to. */
  Directory require() throws IOException {
    Held now = held;
    if (now == null || now.marker.isEmpty() || !isInPlace(now)) {
      attach();
      now = held;
    }
    if (now == null) {
      throw notReady("the directory %s does not exist".formatted(path));
    }
    if (now.marker.isEmpty()) {
      throw notReady("the directory %s is no pool: it has no %s".formatted(path, PoolMarker.NAME));
    }
    return now.directory;
  }

  /** Returns the pool's directory, set up or not, if it is held. */
  Optional<Directory> directory() {
    return Optional.ofNullable(held).map(Held::directory);
  }

  /** Returns the pool's directory if it is set up; looks at nothing, and waits for nothing. */
  Optional<Directory> ready() {
    Held now = held;
    return now != null && now.marker.isPresent() ? Optional.of(now.directory) : Optional.empty();
  }

  Optional<PoolMarker> marker() {
    Held now = held;
    return now == null ? Optional.empty() : now.marker;
  }

  @Override
  public synchronized void close() {
    Held now = held;
    held = null;
    if (now != null) {
      now.directory.close();
    }
  }

  private void lock(Directory directory) throws IOException {
    if (!directory.tryLock()) {
      OptionalLong owner = directory.lockOwner();
      throw new DriverException(
          Code.LOCKED,
          "%s is open in %s".formatted(path, describe(owner)),
          "One process owns a pool: end that one, or close the pool there");
    }
  }

  private static String describe(OptionalLong owner) {
    if (owner.isEmpty()) {
      return "another process (its pid is not visible from here)";
    }
    boolean own = owner.getAsLong() == ProcessHandle.current().pid();
    return "process %d%s".formatted(owner.getAsLong(), own ? ", this one" : "");
  }

  /** A lazy unmount, or a directory moved away, would otherwise have us write beside the pool. */
  private boolean isInPlace(Held now) throws IOException {
    Optional<Directory> present = linux.openDirectoryIfPresent(path);
    if (present.isEmpty()) {
      return false;
    }
    try (Directory current = present.get()) {
      return current.status().sameInode(now.status);
    }
  }

  private static DriverException notReady(String obstacle) {
    return new DriverException(
        Code.POOL_NOT_READY,
        obstacle,
        "If a file system is to be mounted there, mount it; else call setup() once,"
            + " also to adopt an existing tree");
  }
}

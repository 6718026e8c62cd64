package io.cistern.storage.spi;

import io.cistern.storage.Pool;
import io.cistern.storage.spi.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Answers which pool physically contains a directory, and which file system it lies on. Blocking,
 * and best effort: what can't be found out is empty.
 */
public final class PoolPlacement {
  private PoolPlacement() {}

  /**
   * Finds the pool that contains a directory or file: the deepest pool directory above it that is
   * on the same mount, else the pool on one of whose volumes its file system lies (rule 105).
   *
   * @param path the directory or file; symbolic links are resolved
   * @param candidates the pools to choose from; those that do not implement {@link PoolLocation}
   *     are not found
   */
  public static Optional<Pool> containing(Path path, Collection<? extends Pool> candidates) {
    try {
      return containing(path.toRealPath(), candidates, MountTable.read());
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /**
   * Finds the pool that contains another one, as {@link #containing} does for its directory; never
   * itself.
   *
   * @param pool the inner pool; one that is no {@link PoolLocation} lies nowhere
   * @param candidates the pools to choose from
   */
  public static Optional<Pool> of(Pool pool, Collection<? extends Pool> candidates) {
    Optional<Path> directory =
        pool instanceof PoolLocation location ? location.directory() : Optional.empty();
    return directory.flatMap(
        place -> containing(place, candidates.stream().filter(other -> other != pool).toList()));
  }

  static Optional<Pool> containing(
      Path real, Collection<? extends Pool> candidates, MountTable mounts) {
    Optional<Mount> mount = mounts.of(real);
    Optional<Pool> byDirectory = byDirectory(real, mount, candidates, mounts);
    return byDirectory.isPresent() ? byDirectory : byDevice(mount, candidates);
  }

  /**
   * Names the file system that a directory lies on, so that pools which share one are counted once.
   */
  public static Optional<String> fileSystem(Path directory) {
    try {
      return MountTable.read().of(directory.toRealPath()).map(Mount::device);
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  private static Optional<Pool> byDirectory(
      Path real, Optional<Mount> mount, Collection<? extends Pool> candidates, MountTable mounts) {
    return candidates.stream()
        .filter(
            pool ->
                realDirectory(pool)
                    .filter(real::startsWith)
                    .filter(directory -> mounts.of(directory).equals(mount))
                    .isPresent())
        .max(Comparator.comparingInt(pool -> realDirectory(pool).map(Path::getNameCount).orElse(0)))
        .map(pool -> (Pool) pool);
  }

  private static Optional<Pool> byDevice(
      Optional<Mount> mount, Collection<? extends Pool> candidates) {
    return mount
        .flatMap(PoolPlacement::device)
        .flatMap(
            device ->
                candidates.stream()
                    .filter(
                        pool ->
                            pool instanceof PoolLocation location
                                && location.containsDevice(device))
                    .findFirst()
                    .map(pool -> (Pool) pool));
  }

  private static Optional<Path> realDirectory(Pool pool) {
    if (!(pool instanceof PoolLocation location)) {
      return Optional.empty();
    }
    return location
        .directory()
        .flatMap(
            directory -> {
              try {
                return Optional.of(directory.toRealPath());
              } catch (IOException e) {
                return Optional.empty();
              }
            });
  }

  /** Some file systems (btrfs) have a device number of their own; there the source is asked. */
  private static Optional<String> device(Mount mount) {
    if (!mount.device().startsWith("0:")) {
      return Optional.of(mount.device());
    }
    try {
      Object number = Files.getAttribute(Path.of(mount.source()), "unix:rdev");
      return number instanceof Long encoded && encoded != 0
          ? Optional.of(majorMinor(encoded))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Splits a device number as glibc's gnu_dev_major(3) and gnu_dev_minor(3) do. */
  private static String majorMinor(long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & 0xfffff000L);
    long minor = (device & 0xff) | ((device >>> 12) & 0xffffff00L);
    return major + ":" + minor;
  }
}

package io.cistern.testkit.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cistern.storage.PoolUsage;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Pools with one bug each; they take the place of a sound one that was just opened. */
final class PoolBugs {
  private PoolBugs() {}

  /** Makes volumes, sound ones or not. */
  interface Volumes {
    MemoryVolume make(MemoryPool pool, VolumeConfig config);
  }

  /** A pool whose volumes have a bug. */
  static class WithVolumes extends MemoryPool {
    private final Volumes volumes;

    WithVolumes(MemoryPool sound, DriverContext context, Volumes volumes) {
      super(
          sound.name(),
          sound.config(),
          context,
          sound.disk(),
          sound.directory().orElseThrow(),
          sound.defaultRevisionsToKeep());
      this.volumes = volumes;
    }

    @Override
    protected AbstractVolume newVolume(VolumeConfig config) {
      return volumes.make(this, config);
    }

    Path place() {
      return directory().orElseThrow();
    }

    Path tree() {
      return place().resolve("volumes");
    }
  }

  static final class LockNotTaken extends WithVolumes {
    LockNotTaken(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
      disk().unlock(place());
    }
  }

  static final class LockNotReleased extends WithVolumes {
    LockNotReleased(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected void doClose() {
      // The lock stays.
    }
  }

  static final class SetupOnlyOnce extends WithVolumes {
    SetupOnlyOnce(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected void doSetup() throws IOException {
      if (Files.exists(tree())) {
        throw new IOException(tree() + " is there already");
      }
      super.doSetup();
    }
  }

  static final class SetupEmptiesPool extends WithVolumes {
    SetupEmptiesPool(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected void doSetup() throws IOException {
      removeAll(tree());
      super.doSetup();
    }
  }

  /** Takes what a dead setup has left for somebody else's. */
  static final class DeadSetupStandsInTheWay extends WithVolumes {
    DeadSetupStandsInTheWay(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected void doSetup() throws IOException {
      if (Files.exists(place().resolve("volumes.new"))) {
        throw new FileAlreadyExistsException("volumes.new");
      }
      super.doSetup();
    }
  }

  /** Nobody knows the name any more that it has given to what it was about to remove. */
  static final class DestructionInTwoSteps extends WithVolumes {
    DestructionInTwoSteps(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected void doDestroy() throws IOException {
      Path gone = place().resolve("volumes.gone-" + System.nanoTime());
      files().rename(tree(), gone);
      files().deleteIfEmpty(gone);
    }
  }

  /** Lists what has a session or an import, but no content. */
  static final class ListsUncommitted extends WithVolumes {
    ListsUncommitted(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected List<FoundVolume> doVolumes() throws IOException {
      return directories(tree(), "catalog");
    }
  }

  static final class ListsForeign extends WithVolumes {
    ListsForeign(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected List<FoundVolume> doVolumes() throws IOException {
      return directories(tree(), "");
    }
  }

  static final class DestroyRemovesForeign extends WithVolumes {
    DestroyRemovesForeign(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected void doDestroy() throws IOException {
      removeAll(tree());
    }
  }

  static final class UsageOfAbsentIsZero extends WithVolumes {
    UsageOfAbsentIsZero(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected PoolUsage doUsage() throws IOException {
      return Files.exists(tree()) ? super.doUsage() : PoolUsage.ofData(0, 0);
    }
  }

  static final class SizeNotRounded extends WithVolumes {
    SizeNotRounded(MemoryPool sound, DriverContext context) {
      super(sound, context, MemoryVolume::new);
    }

    @Override
    protected long granule() {
      return 1;
    }
  }

  private static List<FoundVolume> directories(Path tree, String having) throws IOException {
    List<FoundVolume> found = new ArrayList<>();
    if (Files.isDirectory(tree)) {
      try (Stream<Path> entries = Files.list(tree)) {
        for (Path entry : entries.filter(path -> Files.exists(path.resolve(having))).toList()) {
          String name = entry.getFileName().toString();
          if (Files.isDirectory(entry) && Character.isLetter(name.charAt(0))) {
            found.add(new FoundVolume(URLDecoder.decode(name, UTF_8), OptionalLong.empty()));
          }
        }
      }
    }
    return found;
  }

  private static void removeAll(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (Stream<Path> paths = Files.walk(tree)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}

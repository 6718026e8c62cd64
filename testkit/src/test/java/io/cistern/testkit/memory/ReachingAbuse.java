package io.cistern.testkit.memory;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Abuse of a driver that removes a volume from whatever pool has one of that name; run by {@link
 * AbuseFindsBugsTest} alone, hence its name.
 */
class ReachingAbuse extends AbuseConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(new ReachingDriver());
      }
    };
  }

  private static final class ReachingDriver extends MemoryDriver {
    @Override
    public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
      MemoryPool sound = (MemoryPool) super.open(name, config, context);
      return new PoolBugs.WithVolumes(sound, context, ReachingVolume::new);
    }
  }

  private static final class ReachingVolume extends MemoryVolume {
    private final MemoryPool pool;

    ReachingVolume(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
      this.pool = pool;
    }

    @Override
    protected void doRemove() throws IOException {
      super.doRemove();
      Path place = pool.directory().orElseThrow();
      Path own = place.relativize(images.path(1).getParent());
      try (Stream<Path> places = Files.list(place.getParent())) {
        for (Path other : places.filter(Files::isDirectory).toList()) {
          new VolumeImages(other.resolve(own), files, pool.disk()).removeAll();
        }
      }
    }
  }
}

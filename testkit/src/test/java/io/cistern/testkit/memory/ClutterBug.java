package io.cistern.testkit.memory;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.List;

/** A bug that shows only where something strange lies in the place; each breaks rule 110. */
enum ClutterBug {
  FOLLOWS_A_LINK(ClutterBugs.FollowsLink::new),
  ANYTHING_IS_A_TOMBSTONE(ClutterBugs.AnythingIsTombstone::new),
  DIRECTORY_FAILS_EXPORTS(ClutterBugs.DirectoryFailsExports::new);

  private final PoolBugs.Volumes volumes;

  ClutterBug(PoolBugs.Volumes volumes) {
    this.volumes = volumes;
  }

  /** Makes a place whose driver has the bug. */
  PoolFixture place() throws IOException {
    PoolDriver driver =
        new MemoryDriver() {
          @Override
          public Pool open(String name, PoolConfig config, DriverContext context)
              throws IOException {
            MemoryPool sound = (MemoryPool) super.open(name, config, context);
            return new PoolBugs.WithVolumes(sound, context, volumes);
          }
        };
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(driver);
      }
    };
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeImport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thin pool that comes when its pool has been opened, with extents that nobody knew before. */
class LateThinPoolTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  @BeforeEach
  void setUpAndTakeAway() throws Exception {
    try (Storage storage = storage()) {
      Pool pool = get(storage.open(fixture.config()));
      get(pool.setup());
      get(pool.volume(config()).create());
      fixture.awaitIdle();
    }
    rename("pool", "away");
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  @Test
  void aResizeHasTheSizeOfItsExtents() throws Exception {
    try (Storage storage = storage()) {
      Volume root = get(storage.open(fixture.config())).volume(config());
      rename("away", "pool");
      get(root.resize(2 * ThinPools.SIZE));
      assertThat(get(root.size())).hasValue(2 * ThinPools.SIZE);
    }
  }

  @Test
  void anImportHasTheSizeOfItsExtents() throws Exception {
    try (Storage storage = storage()) {
      Volume root = get(storage.open(fixture.config())).volume(config());
      rename("away", "pool");
      VolumeImport target = get(root.importData(2 * ThinPools.SIZE));
      get(target.commit());
      assertThat(get(root.size())).hasValue(2 * ThinPools.SIZE);
    }
  }

  private Storage storage() {
    Storage.Builder builder = Storage.builder();
    fixture.drivers().forEach(builder::driver);
    return builder.build();
  }

  private static VolumeConfig config() {
    return VolumeConfig.origin("vm", "root").size(ThinPools.SIZE).build();
  }

  private void rename(String from, String to) {
    synchronized (fixture.lvm()) {
      SimulatedGroup group = fixture.lvm().group("vg").orElseThrow();
      group.rename(group.find(from).orElseThrow(), to);
    }
  }
}

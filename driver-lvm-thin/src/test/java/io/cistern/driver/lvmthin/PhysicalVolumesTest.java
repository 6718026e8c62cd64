package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The devices of a volume group may change while a pool is open. */
class PhysicalVolumesTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  private List<String> changes() {
    return fixture.lvm().takeLog().stream()
        .filter(line -> !line.startsWith("lvs ") && !line.startsWith("vgs "))
        .toList();
  }

  @Test
  void oneThatIsAddedIsUsedFromThenOn() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      fixture.awaitIdle();
      Path added = fixture.group().extend();
      pools.commit(root, "second");
      assertThat(pools.committed(root, 6)).isEqualTo("second");
      assertThat(changes()).last().asString().contains(added.toString());
    }
  }

  @Test
  void oneThatIsTakenOutOfTheGroupAndDetachedIsNotMissed() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Path added = fixture.group().extend();
      Volume root = pools.origin("vm/root", 1, "first!");
      fixture.awaitIdle();
      fixture.group().physicalVolumes.remove(added);
      fixture.group().changed();
      Files.delete(added);
      pools.commit(root, "second");
      assertThat(pools.committed(root, 6)).isEqualTo("second");
    }
  }

  @Test
  void whileOneIsMissingNothingIsChanged() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      Path added = fixture.group().extend();
      pools.commit(root, "second");
      get(root.start());
      fixture.awaitIdle();
      fixture.lvm().takeLog();
      fixture.group().detached.add(added);
      fixture.group().changed();
      assertThat(refused(root.stop(), Code.POOL_NOT_READY))
          .hasMessageContaining("uuid-of-" + added.getFileName())
          .hasMessageContaining("--restoremissing");
      refused(root.stop(StopMode.DISCARD), Code.POOL_NOT_READY);
      assertThat(get(pools.pool().info()).isReady()).isFalse();
      assertThat(get(root.size())).hasValue(ThinPools.SIZE);
      assertThat(changes()).isEmpty();

      // That it is back changes no metadata.
      fixture.group().detached.clear();
      get(root.stop());
      assertThat(get(pools.pool().info()).isReady()).isTrue();
    }
  }
}

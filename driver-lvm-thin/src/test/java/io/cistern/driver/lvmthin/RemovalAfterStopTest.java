package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import org.junit.jupiter.api.Test;

class RemovalAfterStopTest {
  private static final int TIMES = 20;

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  /** The session that was given up is being removed in the background, perhaps at that moment. */
  @Test
  void aSessionThatWasGivenUpIsNotRenamedByTheRemovalOfItsVolume() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      for (int i = 0; i < TIMES; i++) {
        Volume snapshot =
            pools.pool().volume(VolumeConfig.snapshot("vm", "snap").source(root.id()).build());
        get(snapshot.start());
        get(snapshot.stop(StopMode.DISCARD));
        get(snapshot.remove());
      }
      assertThat(fixture.lvm().takeLog())
          .noneMatch(line -> line.startsWith("lvrename") && line.contains("-removed-"));
    }
  }
}

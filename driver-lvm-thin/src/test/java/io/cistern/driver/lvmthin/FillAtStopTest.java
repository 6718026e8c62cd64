package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageEvent;
import io.cistern.storage.Volume;
import org.junit.jupiter.api.Test;

/** A session may have filled the pool. */
class FillAtStopTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  @Test
  void aStopTellsIt() throws Exception {
    fixture.thinPool().discards = "nopassdown";
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 5, "first!");
      get(root.start());
      fixture.awaitIdle();
      fixture.thinPool().filled = 85;
      get(root.stop());
      assertThat(pools.events())
          .extracting(StorageEvent::type)
          .contains(StorageEvent.Type.POOL_FILLING);
    }
  }
}

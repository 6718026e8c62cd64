package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A thin pool that LVM can't activate after a reboot: what it tried then would spoil the repair.
 */
class BrokenPoolTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);
  private SimulatedLv left;
  private Volume root;

  @BeforeEach
  void breakIt() throws Exception {
    pools.origin("vm/root", 5, "first!");
    fixture.awaitIdle();
    pools.suspend();
    left = fixture.addGivenUp("vm-root");
    fixture.thinPool().isBroken = true;
    pools.resume();
    root = pools.declared("vm/root", 5);
    fixture.awaitIdle();
  }

  @AfterEach
  void close() throws Exception {
    fixture.thinPool().isBroken = false;
    pools.close();
  }

  @Test
  void nothingIsRemovedUnasked() {
    assertThat(fixture.group().find(left.name)).isPresent();
  }

  @Test
  void aChangeIsRefusedWithTheRepairAndNotTried() {
    fixture.lvm().takeLog();
    assertThat(refused(root.start(), Code.IO))
        .hasMessageContaining("can't be activated")
        .hasMessageContaining("lvconvert --repair vg/pool")
        .hasMessageContaining("do not remove anything in it before");
    assertThat(fixture.lvm().takeLog())
        .allMatch(
            command ->
                command.startsWith("lvs ")
                    || command.startsWith("vgs ")
                    || command.endsWith("-y -ay -K vg/pool"));
  }

  @Test
  void afterTheRepairAllGoesOn() throws Exception {
    fixture.thinPool().isBroken = false;
    pools.commit(root, "second");
    fixture.awaitIdle();
    assertThat(pools.committed(root, 6)).isEqualTo("second");
    assertThat(fixture.group().find(left.name)).isEmpty();
    get(root.remove());
  }
}

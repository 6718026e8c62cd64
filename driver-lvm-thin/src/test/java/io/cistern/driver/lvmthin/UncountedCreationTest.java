package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A command of LVM that was cut short after the kernel had made a volume and before the pool had
 * counted it; UncountedCreationGuestIT has a real one.
 */
class UncountedCreationTest {
  private static final long DEVICE = 7;

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);
  private Volume root;

  @BeforeEach
  void cutAStartShort() throws Exception {
    root = pools.origin("vm/root", 5, "first!");
    get(root.start());
    fixture.awaitIdle();
    pools.suspend();
    fixture.thinPool().uncount(fixture.group().find("vm-vm-root-snap").orElseThrow(), DEVICE);
    pools.resume();
    root = pools.declared("vm/root", 5);
  }

  @AfterEach
  void close() throws Exception {
    fixture.thinPool().queued = Optional.empty();
    pools.close();
  }

  @Test
  void itIsCountedAndAllGoesOn() throws Exception {
    assertThat(get(root.state())).isEqualTo(VolumeState.CRASHED);
    assertThat(fixture.thinPool().isUncounted()).as("before anything is changed").isFalse();
    get(root.stop(StopMode.DISCARD));
    pools.commit(root, "second");
    assertThat(pools.committed(root, 6)).isEqualTo("second");
    get(root.remove());
  }

  /** Somebody has killed that command alone, and something was removed before it was noticed. */
  @Test
  void itIsCountedByWhomeverItStopsWithWhatWasRemovedMeanwhile() throws Exception {
    get(root.state());
    fixture.thinPool().uncount(fixture.group().find("vm-vm-root-snap").orElseThrow(), DEVICE);
    fixture.thinPool().queueDeletion(DEVICE - 1);
    get(root.stop());
    assertThat(fixture.thinPool().isUncounted()).isFalse();
    assertThat(fixture.thinPool().deletedDevices).containsExactly(DEVICE - 1);
    assertThat(pools.committed(root, 6)).isEqualTo("first!");
  }

  @Test
  void anotherDeviceThanTheOneThatLvmHasWrittenDownIsLeftAlone() throws Exception {
    SimulatedLv pool = fixture.thinPool();
    QueuedCreation queued = pool.queued.orElseThrow();
    long transaction = pool.transaction;
    pool.queued =
        Optional.of(new QueuedCreation(transaction + 2, queued.volume(), DEVICE, List.of()));
    assertThat(refused(root.stop(), Code.IO))
        .hasMessageContaining("device_id " + DEVICE)
        .hasMessageContaining("docs/operations.md");
    assertThat(pool.transaction).isEqualTo(transaction);
    pool.queued = Optional.of(queued);
    get(root.stop());
  }
}

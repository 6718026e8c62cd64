package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.ids;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thin pool in which the kernel lets nothing be changed; MetadataFillGuestIT has a real one. */
class ReadOnlyPoolTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);
  private Volume root;

  @BeforeEach
  void makeIt() throws Exception {
    root = pools.origin("vm/root", 5, "first!");
    pools.commit(root, "second");
    get(root.start());
    fixture.awaitIdle();
    fixture.thinPool().isReadOnly = true;
  }

  @AfterEach
  void close() throws Exception {
    fixture.thinPool().isReadOnly = false;
    pools.close();
  }

  private List<String> changes() {
    return fixture.lvm().takeLog().stream().filter(line -> !line.startsWith("lvs ")).toList();
  }

  @Test
  void whatTheKernelWouldRefuseIsNotEvenTried() {
    fixture.lvm().takeLog();
    refused(root.stop(), Code.IO);
    refused(root.stop(StopMode.DISCARD), Code.IO);
    refused(root.removeRevision(ids(root).get(0)), Code.IO);
    refused(pools.declared("vm/new", 0).create(), Code.IO);
    assertThat(changes()).isEmpty();
    assertThat(get(root.state())).isEqualTo(VolumeState.STARTED);
  }

  @Test
  void withoutRoomForMetadataTheMessageNamesTheRepair() {
    fixture.thinPool().filledWithMetadata = 99;
    assertThat(refused(root.stop(), Code.OUT_OF_SPACE))
        .hasMessageContaining("metadata")
        .hasMessageContaining("lvconvert --repair vg/pool");
    assertThat(refused(pools.declared("vm/new", 0).create(), Code.OUT_OF_SPACE))
        .hasMessageContaining("lvconvert --repair vg/pool")
        .hasMessageContaining("do not remove anything in it before")
        .hasMessageNotContaining("Remove volumes");
  }

  @Test
  void afterTheRepairAllGoesOn() throws Exception {
    refused(root.stop(StopMode.DISCARD), Code.IO);
    fixture.thinPool().isReadOnly = false;
    get(root.stop(StopMode.DISCARD));
    assertThat(pools.committed(root, 6)).isEqualTo("second");
    get(root.remove());
  }

  /** It was given up while that was possible, and the pool became read-only before it was gone. */
  @Test
  void whatWasGivenUpIsNotRemovedUntilThatIsPossible() throws Exception {
    fixture.thinPool().isReadOnly = false;
    get(root.stop(StopMode.DISCARD));
    fixture.awaitIdle();
    pools.suspend();
    SimulatedLv left = fixture.addGivenUp("vm-root");
    fixture.thinPool().isReadOnly = true;
    pools.resume();
    fixture.awaitIdle();
    assertThat(fixture.group().find(left.name)).isPresent();
    fixture.thinPool().isReadOnly = false;
    pools.reopen();
    fixture.awaitIdle();
    assertThat(fixture.group().find(left.name)).isEmpty();
  }
}

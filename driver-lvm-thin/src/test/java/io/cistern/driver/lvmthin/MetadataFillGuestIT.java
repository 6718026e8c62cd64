package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.ids;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A thin pool whose space for metadata is really used up, first to the reserve, then whole. */
class MetadataFillGuestIT {
  private static final String POOL = GuestGroups.ONE + "/tiny";

  private GuestFixture fixture;

  @BeforeEach
  void makeThePool() {
    fixture = new GuestFixture(POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
    GuestGroups.makePool(GuestGroups.ONE, "tiny", "512m", "2m");
  }

  @AfterEach
  void removeThePool() {
    GuestGroups.lvm("lvremove", "-y", "-ff", POOL);
  }

  @Test
  void nothingIsLostFirstBelowTheReserveThenWithoutAny() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 2, "first!");
      pools.commit(root, "second");
      Volume spare = pools.origin("vm/spare", 2, "spare!");
      FilledMetadata filled = FilledMetadata.make(GuestGroups.ONE, "tiny");
      get(spare.start());
      pools.write(get(root.start()), "third!");
      fixture.flush(get(root.blockDevice()).path());
      filled.until(status -> !new Reserve(3, 10).isFree(status.fill().orElseThrow()));
      assertThatOnlyWhatNeedsNoRoomWorks(spare);
      assertThat(filled.status().isWritable()).isTrue();
      filled.until(status -> !status.isWritable());
      assertThatNothingIsTried(pools, root);
      pools.suspend();
      repair();
      filled.close();
      pools.resume();
      assertThatAllIsThere(pools.declared("vm/root", 2), pools);
    }
  }

  private void assertThatOnlyWhatNeedsNoRoomWorks(Volume spare) {
    get(spare.stop(StopMode.DISCARD));
    assertThat(refused(spare.start(), Code.OUT_OF_SPACE))
        .hasMessageContaining("bytes free for metadata")
        .hasMessageContaining("--poolmetadatasize");
    get(spare.removeRevision(ids(spare).get(0)));
    get(spare.remove());
    assertThat(fixture.objects()).noneMatch(name -> name.contains("spare"));
  }

  private void assertThatNothingIsTried(ThinPools pools, Volume root) {
    Set<String> before = fixture.objects();
    for (StorageException refusal :
        List.of(
            refused(root.stop(), Code.OUT_OF_SPACE),
            refused(root.stop(StopMode.DISCARD), Code.OUT_OF_SPACE),
            refused(root.removeRevision(ids(root).get(0)), Code.OUT_OF_SPACE),
            refused(pools.declared("vm/new", 0).create(), Code.OUT_OF_SPACE))) {
      assertThat(refusal).hasMessageContaining("metadata").hasMessageContaining("lvconvert");
    }
    assertThat(fixture.objects()).isEqualTo(before);
    assertThat(get(root.state())).isEqualTo(VolumeState.STARTED);
    assertThat(ids(root)).hasSize(2);
    assertThat(get(pools.pool().usage()).metadataUsed()).isPresent();
    assertThat(pools.events())
        .extracting(StorageEvent::type)
        .contains(StorageEvent.Type.POOL_FILLING);
  }

  private static void assertThatAllIsThere(Volume root, ThinPools pools) throws IOException {
    assertThat(get(root.state())).isEqualTo(VolumeState.CRASHED);
    assertThat(pools.committed(root, 6)).isEqualTo("second");
    get(root.stop());
    assertThat(pools.committed(root, 6)).isEqualTo("third!");
    assertThat(ids(root)).hasSize(2);
    get(root.remove());
  }

  /** As the message says, and with room for more, which a repair needs here. */
  private static void repair() {
    GuestGroups.lvm("vgchange", "-an", GuestGroups.ONE);
    GuestGroups.lvm("lvconvert", "-y", "--repair", POOL);
    GuestGroups.lvm("lvextend", "-y", "--poolmetadatasize", "+4m", POOL);
    GuestGroups.lvm("vgchange", "-ay", GuestGroups.ONE);
    GuestGroups.lvm("lvremove", "-y", GuestGroups.ONE + "/tiny_meta0");
  }
}

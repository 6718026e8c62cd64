package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real thin pool that a command of LVM has left half done. */
class UncountedCreationGuestIT {
  private final ThinPools pools =
      new ThinPools(
          new GuestFixture(
              GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER));

  @AfterEach
  void close() throws Exception {
    pools.close();
  }

  /** LVM would have somebody mend it by hand: what is mended here is what it can't do. */
  private void leaveSnapshotHalfDone() throws Exception {
    pools.suspend();
    HalfDoneCommand.pretend();
    assertThatThrownBy(
            () ->
                GuestGroups.lvm(
                    "lvcreate", "-y", "-Wn", "-V", "1m", "-n", "third", "-T", "cisternone/pool"))
        .hasMessageContaining("already contain thin device");
    pools.resume();
  }

  @Test
  void aStartThatWasCutShortCanBeGoneOnWith() throws Exception {
    Volume root = pools.origin("vm/root", 5, "first!");
    get(root.start());
    leaveSnapshotHalfDone();
    root = pools.declared("vm/root", 5);
    assertThat(get(root.state())).isEqualTo(VolumeState.CRASHED);
    get(root.start());
    pools.write(get(root.blockDevice()), "second");
    get(root.stop());
    assertThat(pools.committed(root, 6)).isEqualTo("second");
    get(root.remove());
  }

  @Test
  void aStartThatWasCutShortCanBeGivenUp() throws Exception {
    Volume root = pools.origin("vm/root", 5, "first!");
    get(root.start());
    leaveSnapshotHalfDone();
    root = pools.declared("vm/root", 5);
    get(root.stop(StopMode.DISCARD));
    pools.commit(root, "second");
    assertThat(pools.committed(root, 6)).isEqualTo("second");
    get(root.remove());
  }

  /** LVM writes down a removal before it is refused it, and then wants both at once. */
  @Test
  void somethingMayHaveBeenRemovedMeanwhile() throws Exception {
    Volume root = pools.origin("vm/root", 5, "first!");
    Volume other = pools.origin("vm/other", 0, "other!");
    get(root.start());
    pools.suspend();
    HalfDoneCommand.pretend();
    assertThatThrownBy(() -> GuestGroups.lvm("lvremove", "-y", GuestGroups.ONE + "/vm-vm-other"))
        .hasMessageContaining("already contain thin device");
    pools.resume();
    root = pools.declared("vm/root", 5);
    get(root.start());
    get(root.stop());
    assertThat(pools.committed(root, 6)).isEqualTo("first!");
    assertThat(get(pools.pool().find(other.id().vid()))).isEmpty();
    get(root.remove());
  }

  @Test
  void aStartThatTheKernelHasNotBegunCanBeGoneOnWith() throws Exception {
    Volume root = pools.origin("vm/root", 5, "first!");
    get(root.start());
    pools.suspend();
    HalfDoneCommand.pretendNotMade();
    pools.resume();
    root = pools.declared("vm/root", 5);
    get(root.start());
    assertThat(pools.written(root, 6)).isEqualTo("first!");
    get(root.stop());
    get(root.remove());
  }

  /** LVM takes that for done by itself, other than a snapshot. */
  @Test
  void aVolumeWhoseCreationWasCutShortIsThere() throws Exception {
    get(pools.declared("vm/root", 5).create());
    pools.suspend();
    HalfDoneCommand.pretend();
    pools.resume();
    Volume root = pools.declared("vm/root", 5);
    pools.commit(root, "first!");
    assertThat(pools.committed(root, 6)).isEqualTo("first!");
    get(root.remove());
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * LVM leaves what it has written to its metadata in the caches of the disks. What was reported done
 * has been flushed on each device of the group (rule 903). A power cut that loses a cache shows
 * that too, but takes minutes for one operation.
 */
class FlushedMetadataTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  /** Waits for an operation, which has changed the metadata, and has had that flushed. */
  private <T> T flushed(String operation, CompletableFuture<T> future) {
    T result = get(future);
    assertThat(fixture.lvm().takeLog()).as("commands of %s", operation).anyMatch(this::changes);
    assertThat(fixture.group().unflushed()).as("not flushed by %s", operation).isEmpty();
    return result;
  }

  private boolean changes(String command) {
    return !command.startsWith("lvs ") && !command.startsWith("vgs ");
  }

  private void settle() {
    fixture.awaitIdle();
    fixture.lvm().takeLog();
  }

  @Test
  void eachOperationOnAnOriginHasItsMetadataFlushedOnEachDevice() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      assertThat(fixture.group().physicalVolumes).hasSizeGreaterThan(1);
      Volume root = pools.declared("vm/root", 5);
      settle();
      flushed("create", root.create());
      flushed("start", root.start());
      flushed("stop", root.stop());
      settle();
      flushed("second start", root.start());
      flushed("discard", root.stop(StopMode.DISCARD));
      settle();
      flushed("resize", root.resize(2 * ThinPools.SIZE));
      settle();
      flushed("revert", root.revert());
      settle();
      flushed("remove", root.remove());
    }
  }

  /** A process was killed between a command and the flush. */
  @Test
  void whatAProcessBeforeHasNotFlushedIsFlushedByTheOneThatFindsItDone() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      get(root.start());
      settle();
      pools.suspend();
      fixture.group().wroteMetadata("lvcreate of somebody who is dead");
      pools.resume();
      get(pools.declared("vm/root", 1).start());
      assertThat(fixture.group().unflushed()).isEmpty();
    }
  }

  @Test
  void aCloneHasItsMetadataFlushedOnEachDevice() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      Volume copy = pools.declared("vm/copy", 1);
      settle();
      flushed("clone", copy.importVolume(root));
    }
  }
}

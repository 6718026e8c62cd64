package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is removed in the background is discarded before that. */
class DiscardBeforeRemovalTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  private Map<String, Long> discarded() {
    fixture.awaitIdle();
    return fixture.lvm().discarded();
  }

  @Test
  void aSessionIs() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      pools.write(get(root.start()), "second");
      get(root.stop(StopMode.DISCARD));
      assertThat(discarded()).containsValue(ThinPools.SIZE);
      assertThat(pools.committed(root, 6)).isEqualTo("first!");
    }
  }

  @Test
  void aRevisionWhichIsNotActiveIs() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      pools.commit(root, "second");
      long before = discarded().values().stream().mapToLong(Long::longValue).sum();
      pools.commit(root, "third!");
      assertThat(discarded().values().stream().mapToLong(Long::longValue).sum())
          .isGreaterThan(before);
    }
  }

  @Test
  void nothingIsWhereTheDisksDoNotHearOfIt() throws Exception {
    fixture.thinPool().discards = "nopassdown";
    try (ThinPools pools = new ThinPools(fixture)) {
      pools.write(get(pools.origin("vm/root", 0, "first!").start()), "second");
      get(pools.declared("vm/root", 0).stop(StopMode.DISCARD));
      assertThat(discarded().values()).isNotEmpty().allMatch(bytes -> bytes == 0);
    }
  }

  /** Room that is needed at once is not waited for. */
  @Test
  void nothingIsBelowTheReserve() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      pools.write(get(root.start()), "second");
      fixture.awaitIdle();
      long before = discarded().values().stream().mapToLong(Long::longValue).sum();
      fixture.thinPool().filled = 99;
      get(root.stop(StopMode.DISCARD));
      assertThat(discarded().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(before);
    }
  }
}

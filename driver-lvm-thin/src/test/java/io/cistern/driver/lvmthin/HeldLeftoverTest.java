package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.ids;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.RevisionId;
import io.cistern.storage.Volume;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What means nothing any more may be open, as when an operator has mounted a revision. */
class HeldLeftoverTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  private SimulatedLv revision(RevisionId id) {
    synchronized (fixture.lvm()) {
      return fixture.group().all().stream()
          .filter(lv -> ThinPoolsFixture.names("vm/root").parse(lv.name).number() == id.number())
          .findFirst()
          .orElseThrow();
    }
  }

  private void mount(SimulatedLv lv) {
    fixture.awaitIdle();
    synchronized (fixture.lvm()) {
      fixture.group().activate(lv);
      lv.holders++;
    }
  }

  private void unmount(SimulatedLv lv) {
    synchronized (fixture.lvm()) {
      lv.holders--;
    }
  }

  private boolean isThere(SimulatedLv lv) {
    fixture.awaitIdle();
    synchronized (fixture.lvm()) {
      return fixture.group().all().contains(lv);
    }
  }

  @Test
  void aRevisionThatWasRevertedToDoesNotKeepTheNextStopFromItsWork() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 5, "first!");
      pools.commit(root, "second");
      RevisionId id = ids(root).get(1);
      SimulatedLv held = revision(id);
      mount(held);
      get(root.revert(id));
      pools.commit(root, "third!");
      assertThat(pools.committed(root, 6)).isEqualTo("third!");
      assertThat(isThere(held)).isTrue();
      unmount(held);
      pools.commit(root, "fourth");
      assertThat(isThere(held)).isFalse();
      assertThat(ids(root)).doesNotContain(id);
    }
  }

  @Test
  void aRevisionOfARemovedVolumeDoesNotKeepItsIdFromBeingUsedAgain() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 5, "first!");
      pools.commit(root, "second");
      SimulatedLv held = revision(ids(root).get(1));
      mount(held);
      get(root.remove());
      Volume again = pools.origin("vm/root", 5, "third!");
      assertThat(ids(again)).hasSize(1);
      assertThat(pools.committed(again, 6)).isEqualTo("third!");
      assertThat(isThere(held)).isTrue();
      unmount(held);
      get(again.remove());
      assertThat(isThere(held)).isFalse();
    }
  }

  /** A VM waits for it. */
  @Test
  void aStopRemovesNothingItself() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 5, "first!");
      pools.commit(root, "second");
      SimulatedLv held = revision(ids(root).get(1));
      mount(held);
      get(root.revert(ids(root).get(1)));
      get(root.start());
      fixture.awaitIdle();
      unmount(held);
      fixture.lvm().takeLog();
      get(root.stop());
      List<String> changes =
          fixture.lvm().takeLog().stream().filter(line -> !line.startsWith("lvs ")).toList();
      assertThat(changes).hasSize(3).allMatch(line -> line.startsWith("lvrename"));
    }
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operator has made of a logical volume of ours, and LVM would remove with it. */
class DependentTest {
  private static final String CONTENT = "vm-vm-root";

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);

  @AfterEach
  void close() throws Exception {
    pools.close();
  }

  /** Makes something of the content; without a pool a snapshot as there were before thin ones. */
  private void makeOfContent(String type, String pool) {
    synchronized (fixture.lvm()) {
      fixture.group().add("mine", type, pool, ThinPools.SIZE).origin = CONTENT;
    }
  }

  private String origin() {
    synchronized (fixture.lvm()) {
      return fixture.group().find("mine").orElseThrow().origin;
    }
  }

  private void assertContentStaysUntilItIsGone(String type, String pool) throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    fixture.awaitIdle();
    makeOfContent(type, pool);
    pools.commit(root, "second");
    assertThat(fixture.objects()).contains("vg/mine", "vg/" + origin());
    assertThat(origin()).contains("-replaced-");
    String left = "vg/" + origin();
    fixture.remove("mine");
    pools.commit(root, "third!");
    assertThat(fixture.objects()).doesNotContain(left);
    assertThat(pools.committed(root, 6)).isEqualTo("third!");
  }

  @Test
  void aSnapshotThatIsNotThinKeepsItsOrigin() throws Exception {
    assertContentStaysUntilItIsGone("linear", "");
  }

  @Test
  void aThinVolumeOfAnotherPoolKeepsItsExternalOrigin() throws Exception {
    assertContentStaysUntilItIsGone("thin", "pool2");
  }

  @Test
  void aThinSnapshotInTheSamePoolKeepsNothing() throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    fixture.awaitIdle();
    makeOfContent("thin", "pool");
    pools.commit(root, "second");
    assertThat(fixture.objects()).contains("vg/mine").noneMatch(name -> name.contains("-replaced"));
    assertThat(origin()).isEmpty();
  }

  @Test
  void aRemovedVolumeIsNotDestroyedWithIt() throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    fixture.awaitIdle();
    makeOfContent("linear", "");
    get(root.remove());
    assertThat(fixture.objects()).contains("vg/mine", "vg/" + origin());
    assertThat(refused(pools.pool().destroy(), Code.VOLUME_IN_USE)).hasMessageContaining("mine");
    assertThat(fixture.objects()).contains("vg/mine");
    fixture.remove("mine");
    get(pools.pool().destroy());
    assertThat(fixture.objects()).noneMatch(name -> name.contains(CONTENT));
  }
}

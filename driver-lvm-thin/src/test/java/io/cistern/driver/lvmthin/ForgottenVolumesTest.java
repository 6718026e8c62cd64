package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code destroy} does with logical volumes that no list of volumes shows. */
class ForgottenVolumesTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);

  @AfterEach
  void close() throws Exception {
    pools.close();
  }

  private void assertDestroyIsRefused(String part) {
    Set<String> before = fixture.objects();
    assertThat(refused(pools.pool().destroy(), Code.VOLUME_EXISTS)).hasMessageContaining(part);
    assertThat(fixture.objects()).isEqualTo(before);
  }

  @Test
  void whatAnOperatorHasRenamedStays() throws Exception {
    Volume root = pools.origin("vm/root", 5, "first!");
    String revision = "vm-vm-root-%d-back".formatted(ThinPools.ids(root).get(0).number());
    synchronized (fixture.lvm()) {
      fixture.group().rename(fixture.group().find(revision).orElseThrow(), "rescued");
    }
    get(root.remove());
    fixture.awaitIdle();
    get(root.remove());
    get(pools.pool().destroy());
    assertThat(fixture.objects()).contains("vg/rescued").noneMatch(name -> name.contains("vm-vm"));
  }

  @Test
  void contentThatAnOperatorHasRenamedStays() throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    fixture.awaitIdle();
    synchronized (fixture.lvm()) {
      fixture.group().rename(fixture.group().find("vm-vm-root").orElseThrow(), "rescued");
    }
    get(root.remove());
    assertThat(fixture.objects()).contains("vg/rescued");
  }

  @Test
  void theRevisionsOfAVolumeThatHasLostItsContentAreNotDestroyed() throws Exception {
    Volume root = pools.origin("vm/root", 5, "first!");
    long number = ThinPools.ids(root).get(0).number();
    fixture.awaitIdle();
    fixture.breakImage("vm/root");
    pools.reopen();
    assertThat(get(pools.pool().volumes())).isEmpty();
    assertDestroyIsRefused("vm-vm-root-%d-back".formatted(number));
    get(pools.declared("vm/root", 5).remove());
    get(pools.pool().destroy());
  }

  @Test
  void theSessionOfAVolumeThatHasLostItsContentIsNotDestroyed() throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    pools.write(get(root.start()), "dirty!");
    fixture.awaitIdle();
    fixture.breakImage("vm/root");
    pools.reopen();
    assertDestroyIsRefused("vm-vm-root-snap");
  }

  @Test
  void theFirstSessionOfASnapshotThatIsSavedIsNotDestroyed() throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    VolumeConfig config =
        VolumeConfig.snapshot("vm", "home").source(root.id()).saveOnStop(true).build();
    pools.write(get(pools.pool().volume(config).start()), "dirty!");
    pools.reopen();
    get(pools.declared("vm/root", 0).remove());
    assertThat(get(pools.pool().volumes())).isEmpty();
    assertDestroyIsRefused("vm-vm-home-snap");
  }
}

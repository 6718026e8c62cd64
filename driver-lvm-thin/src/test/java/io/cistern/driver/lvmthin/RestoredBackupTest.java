package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An operator restores a backup, without tags, where only remains of a volume are left. */
class RestoredBackupTest {
  private static final String CONTENT = "vm-vm-root";
  private static final String TOMBSTONE = CONTENT + "-removed-abc";
  private static final List<String> RESTORED =
      List.of(CONTENT, CONTENT + "-snap", CONTENT + "-5-back");

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);

  @AfterEach
  void close() throws Exception {
    pools.close();
  }

  private SimulatedLv plant(String name, List<String> tags) {
    synchronized (fixture.lvm()) {
      SimulatedLv lv = fixture.group().add(name, "thin", "pool", ThinPools.SIZE);
      lv.tags.addAll(tags);
      fixture.group().activate(lv);
      return lv;
    }
  }

  /** Leaves one of a volume's logical volumes, and puts a backup beside it. */
  private void restoreBeside(String left) throws IOException {
    plant(left, LvTags.fresh("vm-root").texts());
    for (String name : RESTORED) {
      SimulatedLv lv = plant(name, List.of());
      Files.writeString(lv.data, "backup", StandardCharsets.UTF_8);
      SimulatedGroup.resizeData(lv, ThinPools.SIZE);
    }
  }

  private boolean isThere(String name) {
    fixture.awaitIdle();
    synchronized (fixture.lvm()) {
      return fixture.group().find(name).isPresent();
    }
  }

  private void assertUntouched(String name) {
    assertThat(isThere(name)).as(name).isTrue();
    SimulatedLv lv = fixture.group().find(name).orElseThrow();
    assertThat(lv.tags).as(name).isEmpty();
    assertThat(lv.active).as(name).isTrue();
  }

  @Test
  void theRemovalOfTheOldVolumeDoesNotTakeItAlong() throws Exception {
    pools.suspend();
    restoreBeside(TOMBSTONE);
    pools.resume();
    assertThat(isThere(TOMBSTONE)).isFalse();
    RESTORED.forEach(this::assertUntouched);
    assertThat(pools.committed(pools.declared("vm/root", 5), 6)).isEqualTo("backup");
  }

  @Test
  void aSecondRemovalFinishesTheFirstOnly() throws Exception {
    fixture.awaitIdle();
    restoreBeside(TOMBSTONE);
    get(pools.declared("vm/root", 5).remove());
    assertThat(isThere(TOMBSTONE)).isFalse();
    RESTORED.forEach(this::assertUntouched);
  }

  @Test
  void whereTheOldVolumeIsNotGoneYetItIsNotCreatedButAdopted() throws Exception {
    fixture.awaitIdle();
    restoreBeside(TOMBSTONE);
    Volume root = pools.declared("vm/root", 5);
    assertThat(refused(root.create(), Code.VOLUME_EXISTS)).hasMessageContaining(CONTENT);
    assertThat(isThere(TOMBSTONE)).isFalse();
    assertThat(pools.committed(root, 6)).isEqualTo("backup");
    assertThat(ThinPools.ids(root)).hasSize(1);
  }

  /** The name of what is left says that revisions below the ninth are given up. */
  @Test
  void whatIsLeftOfAVolumeGivesNothingUpThatIsNotItsOwn() {
    pools.suspend();
    plant(CONTENT + "-10.10.9-back", LvTags.fresh("vm-root").texts());
    RESTORED.forEach(name -> plant(name, List.of()));
    pools.resume();
    fixture.awaitIdle();
    RESTORED.forEach(this::assertUntouched);
  }

  /** Their names are those of revisions that nobody reads. */
  @Test
  void nothingIsDeactivatedThatHasNoTags() {
    pools.suspend();
    plant(CONTENT + "-4-back", LvTags.fresh("vm-root").texts());
    RESTORED.forEach(name -> plant(name, List.of()));
    pools.resume();
    fixture.awaitIdle();
    RESTORED.forEach(this::assertUntouched);
  }
}

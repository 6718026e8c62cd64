package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

/** What an operator does while a command of the driver runs is seen as soon as it has ended. */
class OperatorAtTheSameTimeTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  @Test
  void aRemovalIsSeen() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      fixture.awaitIdle();
      fixture.lvm().meanwhile(() -> fixture.remove("vm-vm-root"));
      get(pools.declared("vm/other", 0).create());
      refused(root.verify(), Code.VOLUME_NOT_FOUND);
    }
  }

  @Test
  void aRenamingIsSeen() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      fixture.awaitIdle();
      fixture
          .lvm()
          .meanwhile(
              () ->
                  fixture.group().rename(fixture.group().find("vm-vm-root").orElseThrow(), "mine"));
      get(pools.declared("vm/other", 0).create());
      refused(root.verify(), Code.VOLUME_NOT_FOUND);
      assertThat(fixture.objects()).contains("vg/mine");
    }
  }

  @Test
  void anotherSizeIsSeen() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      long size = get(root.info()).size().orElseThrow();
      fixture.awaitIdle();
      fixture.lvm().meanwhile(() -> resize("vm/root", 2 * size));
      get(pools.declared("vm/other", 0).create());
      assertThat(get(root.info()).size()).hasValue(2 * size);
    }
  }

  private void resize(String vid, long size) {
    try {
      fixture.truncation().orElseThrow().truncate(vid, size);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

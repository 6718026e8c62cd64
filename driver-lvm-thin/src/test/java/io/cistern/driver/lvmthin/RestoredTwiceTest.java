package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class RestoredTwiceTest {
  private static final String CONTENT = "vm-vm-root";
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  private void restore(String text) throws IOException {
    synchronized (fixture.lvm()) {
      SimulatedLv lv = fixture.group().add(CONTENT, "thin", "pool", ThinPools.SIZE);
      Files.writeString(lv.data, text, StandardCharsets.UTF_8);
      SimulatedGroup.resizeData(lv, ThinPools.SIZE);
    }
  }

  /** What was adopted first is a revision when the second is adopted, under the same name. */
  @Test
  void aSwitchThatWasCutShortKnowsTheSecondBackupFromTheFirst() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      restore("backup");
      Volume root = pools.declared("vm/root", 5);
      pools.commit(root, "second");
      long first = ThinPools.ids(root).get(0).number();
      fixture.awaitIdle();
      fixture.breakImage("vm/root");
      restore("again!");
      get(root.start());
      pools.suspend();
      synchronized (fixture.lvm()) {
        SimulatedLv content = fixture.group().find(CONTENT).orElseThrow();
        fixture.group().rename(content, CONTENT + "-" + (first + 1) + "-back");
      }
      pools.resume();
      Volume afterwards = pools.declared("vm/root", 5);
      assertThat(pools.committed(afterwards, 6)).isEqualTo("again!");
      assertThat(ThinPools.ids(afterwards)).hasSize(1);
      get(afterwards.stop(StopMode.DISCARD));
    }
  }
}

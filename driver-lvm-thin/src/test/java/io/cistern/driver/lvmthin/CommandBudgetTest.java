package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How many commands of LVM it takes: each is some milliseconds that a VM waits for. */
class CommandBudgetTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  /** The names of the commands that were not run in the background. */
  private List<String> commands() {
    return fixture.lvm().takeLog().stream()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  private void settle() {
    fixture.awaitIdle();
    fixture.lvm().takeLog();
  }

  private static void assertBudget(List<String> commands, String... changes) {
    List<String> changing = new ArrayList<>(commands);
    changing.removeIf("lvs"::equals);
    assertThat(changing).as("of %s", commands).containsExactly(changes);
    assertThat(commands.size() - changing.size()).as("reports of %s", commands).isLessThan(2);
  }

  @Test
  void aStartTakesOneCommandAndOneReport() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      Volume snapshot =
          pools.pool().volume(VolumeConfig.snapshot("vm", "snap").source(root.id()).build());
      settle();
      get(root.start());
      assertBudget(commands(), "lvcreate");
      settle();
      get(snapshot.start());
      assertBudget(commands(), "lvcreate");
    }
  }

  @Test
  void aCommitThatKeepsARevisionTakesTwoRenamesAndOneReport() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 5, "first!");
      get(root.start());
      settle();
      get(root.stop());
      assertBudget(commands(), "lvrename", "lvrename");
    }
  }

  @Test
  void questionsAboutTwoHundredVolumesTakeOneReport() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      List<Volume> volumes = new ArrayList<>();
      List<CompletableFuture<?>> created = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        volumes.add(pools.declared("vm/disk" + i, 1));
        created.add(volumes.get(i).create());
      }
      created.forEach(ThinPools::get);
      settle();
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (Volume volume : volumes) {
        answers.add(volume.info());
        answers.add(volume.state());
      }
      answers.forEach(ThinPools::get);
      assertThat(commands()).hasSizeLessThanOrEqualTo(1).allMatch("lvs"::equals);
    }
  }
}

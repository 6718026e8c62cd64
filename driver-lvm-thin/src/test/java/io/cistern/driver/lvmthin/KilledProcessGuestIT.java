package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.ChildProcess;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that really ends between two commands of LVM. */
class KilledProcessGuestIT {
  private static final int MOST_COMMANDS = 12;

  /** What udev does takes its time, and is the same after each command. */
  private static final int STRIDE =
      Boolean.getBoolean("cistern.test.udev") && !Boolean.getBoolean("cistern.test.thorough")
          ? 3
          : 1;

  /** Before it is "before", with one revision; after it is "after!". */
  @ParameterizedTest
  @CsvSource({"stop", "revert", "import"})
  void whatItDidIsDoneOrNotBegun(String operation) throws Exception {
    GuestFixture fixture =
        new GuestFixture(
            GuestGroups.ONE + "/" + GuestGroups.POOL, GuestGroups.ONE + "/" + GuestGroups.OTHER);
    try (ThinPools pools = new ThinPools(fixture)) {
      boolean died = true;
      for (int command = 1; died && command < MOST_COMMANDS; command += STRIDE) {
        prepare(pools, operation);
        died = runChild(operation, command) == DyingProcess.DIED;
        check(pools, operation, died);
      }
      assertThat(died).as("the child ends at last").isFalse();
    }
  }

  private static void prepare(ThinPools pools, String operation) throws Exception {
    Volume root = pools.origin("vm/root", 5, operation.equals("revert") ? "after!" : "before");
    if (operation.equals("revert")) {
      pools.commit(root, "before");
    } else if (operation.equals("stop")) {
      pools.write(get(root.start()), "after!");
    }
    pools.suspend();
  }

  private static int runChild(String operation, int command) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(
            DyingProcess.class,
            GuestGroups.ONE,
            GuestGroups.POOL,
            operation,
            Integer.toString(command))) {
      return child.awaitEnd();
    }
  }

  private static void check(ThinPools pools, String operation, boolean died) throws Exception {
    pools.resume();
    Volume root = pools.declared("vm/root", 5);
    String content = pools.committed(root, 6);
    assertThat(content).isIn("before", "after!");
    if (!died) {
      assertThat(content).isEqualTo("after!");
    }
    boolean open = operation.equals("stop") && content.equals("before");
    assertThat(get(root.state())).isEqualTo(open ? VolumeState.CRASHED : VolumeState.STOPPED);
    boolean one = content.equals("before") && !operation.equals("revert");
    assertThat(ThinPools.ids(root)).hasSize(one ? 1 : 2);
    get(root.start());
    assertThat(pools.written(root, 6)).isEqualTo(open ? "after!" : content);
    get(root.stop());
    get(root.remove());
  }
}

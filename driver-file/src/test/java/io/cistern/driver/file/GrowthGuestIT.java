package io.cistern.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.disk.Command;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Started volumes whose VM manager dies while it lets them grow. */
class GrowthGuestIT {
  private static final long GROWN = 3 * FilePools.SIZE;

  @Test
  void aSessionWhoseBaseHadGrownIsContinuedAtThatSize() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      killedInAGrowth(disks);

      assertIsContinued(disks);
    }
  }

  @Test
  void aSessionWhoseBaseHadGrownIsContinuedAtThatSizeThoughItsDeviceIsGone() throws Exception {
    try (FilePools disks = FilePools.on(FileSystemUnderTest.EXT4)) {
      killedInAGrowth(disks);
      Path base = disks.directory().resolve("vm/root.img");
      Command.run("dmsetup", "remove", DriverChangeGuestIT.originOf(base));

      assertIsContinued(disks);
    }
  }

  /** The base has grown, and the device has not. */
  private static void killedInAGrowth(FilePools disks) throws Exception {
    Volume root = disks.origin("vm/root", "first!");
    FilePools.write(FilePools.start(root).path(), "second");
    disks.trap().die(StepTrap.call("fsync", "root.img"));
    assertThat(catchThrowable(() -> FilePools.get(root.resize(GROWN)))).isNotNull();
    assertThat(disks.directory().resolve("vm/root.img")).hasSize(GROWN);
    disks.trap().revive();
    disks.reopen();
  }

  private static void assertIsContinued(FilePools disks) throws Exception {
    Volume root = disks.declared("vm/root");
    assertThat(FilePools.get(root.state())).isEqualTo(VolumeState.CRASHED);
    Path device = FilePools.start(root).path();
    assertThat(Command.run("blockdev", "--getsize64", device.toString()))
        .isEqualTo(Long.toString(GROWN));
    assertThat(FilePools.get(root.size())).hasValue(GROWN);
    assertThat(FilePools.read(device, 6)).isEqualTo("second");
    assertThat(FilePools.committed(root, 6)).isEqualTo("first!");
    FilePools.stop(root);
    assertThat(FilePools.get(root.size())).hasValue(GROWN);
    FilePools.get(root.remove());
  }
}

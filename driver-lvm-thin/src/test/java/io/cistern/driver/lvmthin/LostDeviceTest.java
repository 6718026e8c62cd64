package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.linux.CommandOutput;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeState;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Rule 312, where udev makes no node for what LVM has made. */
class LostDeviceTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final AtomicBoolean loses = new AtomicBoolean();

  private void loseDevices() {
    fixture.around(
        launcher ->
            (command, patience) -> {
              CommandOutput output = launcher.run(command, patience);
              if (command.name().equals("lvcreate") && loses.getAndSet(false)) {
                List<String> arguments = command.arguments();
                String name = arguments.get(arguments.indexOf("-n") + 1);
                Files.delete(fixture.lvm().root().resolve("dev/vg").resolve(name));
              }
              return output;
            });
  }

  private void assertUndone(Volume volume) {
    loses.set(true);
    refused(volume.start(), Code.IO);
    assertThat(loses).isFalse();
    assertThat(get(volume.state())).isEqualTo(VolumeState.STOPPED);
    assertThat(get(volume.isDirty())).isFalse();
    assertThat(fixture.objects()).noneMatch(name -> name.endsWith("-snap"));
    get(volume.start());
    get(volume.stop());
  }

  @Test
  void aStartWhoseDeviceDoesNotAppearIsUndone() throws Exception {
    loseDevices();
    try (ThinPools pools = new ThinPools(fixture)) {
      assertUndone(pools.origin("vm/root", 1, "first!"));
      assertUndone(
          pools
              .pool()
              .volume(VolumeConfig.volatileVolume("vm", "swap").size(ThinPools.SIZE).build()));
    }
  }
}

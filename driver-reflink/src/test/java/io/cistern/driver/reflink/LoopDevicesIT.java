package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.BlockDevice;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.disk.LoopDevice;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A loop device on the image of a started volume")
class LoopDevicesIT {
  private static final long SIZE = 1 << 20;

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void growsWithTheVolume(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume volume = disks.origin("vm", "private", SIZE);
      BlockDevice device = Disks.start(volume);
      try (LoopDevice loop = LoopDevice.attach(device.path());
          LoopDevice other = LoopDevice.attach(device.path())) {
        Disks.get(volume.resize(3 * SIZE));
        assertThat(loop.size()).isEqualTo(3 * SIZE);
        assertThat(other.size()).isEqualTo(3 * SIZE);
        try (var export = Disks.get(volume.export())) {
          assertThat(export.size()).isEqualTo(SIZE);
        }
      }
      Disks.stop(volume);
      try (var export = Disks.get(volume.export())) {
        assertThat(export.size()).isEqualTo(3 * SIZE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void keepsTheVolumeFromBeingStopped(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      Volume volume = disks.origin("vm", "private", SIZE);
      Path image = Disks.start(volume).path();
      try (LoopDevice loop = LoopDevice.attach(image)) {
        for (StopMode mode : StopMode.values()) {
          assertThat(Disks.refused(volume.stop(mode), Code.VOLUME_IN_USE))
              .hasMessageContaining("cannot stop: loop device " + loop.path() + " holds it open");
        }
        assertThat(Disks.get(volume.state())).isEqualTo(VolumeState.STARTED);
        assertThat(image).exists();
      }
      Disks.stop(volume);
      assertThat(Disks.get(volume.revisions())).hasSize(1);
    }
  }
}

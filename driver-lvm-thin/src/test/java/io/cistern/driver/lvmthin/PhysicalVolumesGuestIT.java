package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.testkit.disk.LoopDevice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * An operator enlarges the volume group while a pool is open, as a refusal for want of space says.
 */
class PhysicalVolumesGuestIT {
  private Path image;
  private Optional<LoopDevice> added = Optional.empty();

  @BeforeEach
  void makeADisk() throws IOException {
    image = Files.createTempFile(FileSystemUnderTest.XFS.directory(), "added", ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(32 << 20);
    }
    attach();
  }

  private void attach() throws IOException {
    added = Optional.of(LoopDevice.attach(image));
  }

  private void detach() throws IOException {
    added.orElseThrow().close();
    added = Optional.empty();
  }

  /** The group is the other tests' too. */
  @AfterEach
  void takeItOutOfTheGroup() throws IOException {
    if (added.isEmpty()) {
      attach();
    }
    String device = added.orElseThrow().path().toString();
    GuestGroups.lvm("vgreduce", "-y", GuestGroups.ONE, device);
    GuestGroups.lvm("pvremove", "-y", device);
    detach();
    Files.delete(image);
  }

  @Test
  void oneThatIsAddedIsUsedFromThenOnAndWhileItIsMissingNothingIsChanged() throws Exception {
    try (GuestFixture fixture =
            new GuestFixture(
                GuestGroups.ONE + "/" + GuestGroups.POOL,
                GuestGroups.ONE + "/" + GuestGroups.OTHER);
        ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      GuestGroups.lvm("vgextend", "-y", GuestGroups.ONE, added.orElseThrow().path().toString());
      pools.commit(root, "second");
      assertThat(pools.committed(root, 6)).isEqualTo("second");

      detach();
      pools.reopen();
      Volume again = pools.declared("vm/root", 1);
      assertThat(refused(again.start(), Code.POOL_NOT_READY))
          .hasMessageContaining("--restoremissing");
      assertThat(get(again.size())).hasValue(ThinPools.SIZE);

      attach();
      pools.commit(again, "third!");
      assertThat(pools.committed(again, 6)).isEqualTo("third!");
      get(again.remove());
    }
  }
}

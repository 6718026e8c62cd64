package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeImport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A thin pool with zeroing off, whose free blocks are full of what others have left. Its chunks are
 * twice as large as an extent, so a volume may end in the middle of one.
 */
class UnzeroedPoolGuestIT {
  private static final String POOL = GuestGroups.ONE + "/unzeroed";
  private static final int SIZE = 1 << 20;
  private static final int CHUNK = 1 << 17;
  private static final int MIDDLE = CHUNK * 3 + CHUNK / 2;
  private static final byte OLD = (byte) 0xaa;

  private final Storage storage = Storage.builder().build();

  @BeforeEach
  void makeAPoolFullOfOldBlocks() throws IOException {
    GuestGroups.make();
    GuestGroups.lvm(
        "lvcreate",
        "-y",
        "-Zn",
        "--discards",
        "nopassdown",
        "--type",
        "thin-pool",
        "-c",
        "128k",
        "-L",
        "32m",
        "--poolmetadatasize",
        "4m",
        "-n",
        "unzeroed",
        GuestGroups.ONE);
    GuestGroups.lvm("lvcreate", "-y", "-Wn", "-V", "30m", "-T", POOL, "-n", "old");
    byte[] old = new byte[30 << 20];
    Arrays.fill(old, OLD);
    write(Path.of("/dev", GuestGroups.ONE, "old"), 0, old);
    GuestGroups.lvm("lvremove", "-y", GuestGroups.ONE + "/old");
  }

  @AfterEach
  void removeThePool() {
    storage.close();
    GuestGroups.lvm("lvremove", "-y", "-ff", POOL);
  }

  private static void write(Path device, long offset, byte[] bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(device, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left, offset + left.position());
      }
      channel.force(true);
    }
  }

  private Pool open(String allowed) {
    return get(
        storage.open(
            PoolConfig.builder("pool", "lvm_thin")
                .set("volume_group", GuestGroups.ONE)
                .set("thin_pool", "unzeroed")
                .set("allow_unzeroed", allowed)
                .build()));
  }

  private Volume volume() {
    Pool pool = open("yes");
    get(pool.setup());
    return pool.volume(VolumeConfig.origin("vm", "root").size(SIZE).revisionsToKeep(1).build());
  }

  private static byte[] content(Volume volume) throws IOException {
    try (VolumeExport export = get(volume.export())) {
      return Files.readAllBytes(export.path());
    }
  }

  @Test
  void itsOldBlocksAreThereForWhoeverLooks() throws IOException {
    GuestGroups.lvm("lvcreate", "-y", "-Wn", "-V", "1m", "-T", POOL, "-n", "naive");
    Path device = Path.of("/dev", GuestGroups.ONE, "naive");
    write(device, 0, new byte[4096]);
    assertThat(Files.readAllBytes(device)).as("what the other tests must not show").contains(OLD);
  }

  @Test
  void itIsRefusedUnlessThatIsAllowed() {
    Pool pool = open("no");
    assertThat(refused(pool.setup(), Code.UNSUPPORTED))
        .hasMessageContaining("allow_unzeroed=yes")
        .hasMessageContaining("lvchange -Zy");
  }

  @Test
  void anImportThatWritesALittleShowsNothingOld() throws IOException {
    Volume root = volume();
    try (VolumeImport handle = get(root.importData(SIZE))) {
      write(handle.path(), MIDDLE, new byte[] {1});
      get(handle.commit());
    }
    assertThat(content(root)).hasSize(SIZE).doesNotContain(OLD);
  }

  @Test
  void anImportThatEndsWithinAChunkShowsNothingOld() throws IOException {
    Volume root = volume();
    byte[] bytes = new byte[MIDDLE + 1];
    get(root.importFrom(Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length));
    get(root.resize(SIZE));
    assertThat(content(root)).hasSize(SIZE).doesNotContain(OLD);
  }

  @Test
  void whatAShrinkCutsOffDoesNotComeBackWithGrowth() throws IOException {
    Volume root = volume();
    byte[] bytes = new byte[SIZE];
    Arrays.fill(bytes, (byte) 0x55);
    get(root.importFrom(Channels.newChannel(new ByteArrayInputStream(bytes)), SIZE));
    get(root.resize(MIDDLE, ResizeOption.ALLOW_SHRINK));
    get(root.resize(SIZE));
    byte[] expected = new byte[SIZE];
    Arrays.fill(expected, 0, MIDDLE, (byte) 0x55);
    assertThat(content(root)).isEqualTo(expected);
  }
}

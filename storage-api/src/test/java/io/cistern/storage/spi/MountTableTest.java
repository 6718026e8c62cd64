package io.cistern.storage.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.spi.MountTable.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MountTableTest {
  private static final List<String> LINES =
      List.of(
          "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
          "23 22 253:3 / /srv rw - xfs /dev/mapper/vg-srv rw",
          "24 23 0:45 /sub /srv/pool rw,noatime shared:7 master:2 - btrfs /dev/sdb rw,subvol=/sub");

  private final MountTable table = MountTable.parse(LINES);

  @Test
  void theDeepestMountAboveAPathHoldsIt() {
    assertThat(table.of(Path.of("/srv/pool/a/b")))
        .contains(new Mount(24, "0:45", Path.of("/srv/pool"), "/dev/sdb"));
    assertThat(table.of(Path.of("/srv/pool"))).map(Mount::id).contains(24);
    assertThat(table.of(Path.of("/srv"))).map(Mount::id).contains(23);
    assertThat(table.of(Path.of("/"))).map(Mount::device).contains("8:1");
  }

  @Test
  void aMountPointThatIsOnlyAPrefixOfTheNameHoldsNothing() {
    assertThat(table.of(Path.of("/srv/pool2"))).map(Mount::id).contains(23);
    assertThat(table.of(Path.of("/srv2"))).map(Mount::id).contains(22);
  }

  @Test
  void ofMountsStackedOnOnePointTheLatestHolds() {
    MountTable stacked =
        MountTable.parse(
            List.of(
                LINES.get(0),
                "30 22 8:2 / /mnt rw - ext4 /dev/sda2 rw",
                "31 30 8:3 / /mnt rw - ext4 /dev/sda3 rw"));

    assertThat(stacked.of(Path.of("/mnt/a"))).map(Mount::device).contains("8:3");
  }

  @Test
  void whatTheKernelEscapesIsReadBack() {
    MountTable escaped =
        MountTable.parse(
            List.of("40 22 8:4 / /mnt/a\\040b\\011c\\012d\\134e - fuse.x host:/with\\040space rw"));

    assertThat(escaped.of(Path.of("/mnt/a b\tc\nd\\e/f")))
        .contains(new Mount(40, "8:4", Path.of("/mnt/a b\tc\nd\\e"), "host:/with space"));
  }

  @Test
  void aLineThatIsNoMountDoesNotSpoilTheOthers() {
    MountTable odd =
        MountTable.parse(
            List.of(
                "",
                "nonsense",
                "x 22 8:9 / /srv rw - ext4 /dev/sda9 rw",
                "41 22 8:9 / /a\\000b rw - ext4 /dev/sda9 rw",
                "42 22 8:9 / /c rw",
                LINES.get(0)));

    assertThat(odd.of(Path.of("/srv"))).map(Mount::id).contains(22);
  }

  @Test
  void nothingHoldsAPathWhereNothingIsMounted() {
    assertThat(MountTable.parse(List.of()).of(Path.of("/srv"))).isEmpty();
  }

  @Test
  void theRunningKernelsTableHoldsTheRoot() throws IOException {
    assertThat(MountTable.read().of(Path.of("/"))).map(Mount::point).contains(Path.of("/"));
  }
}

package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is read from a physical volume is what LVM reports, however often that has changed. */
class GroupMetadataGuestIT {
  private static final int CHANGES = 12;

  @Test
  void theNamesAreThoseThatLvmReports() {
    GuestGroups.make();
    List<Path> device = List.of(GuestGroups.device(GuestGroups.ONE));
    for (int i = 0; i < CHANGES; i++) {
      Optional<String> before = GroupMetadata.stamp(device);
      GuestGroups.lvm("lvcreate", "-y", "-Wn", "-l", "1", "-n", "vm-x" + i, GuestGroups.ONE);
      assertThat(GroupMetadata.names(device)).contains(reported());
      assertThat(GroupMetadata.stamp(device)).isPresent().isNotEqualTo(before);
    }
    for (int i = 0; i < CHANGES; i++) {
      GuestGroups.lvm("lvremove", "-y", GuestGroups.ONE + "/vm-x" + i);
    }
    assertThat(GroupMetadata.names(device)).contains(reported());
  }

  private static Set<String> reported() {
    return GuestGroups.rows(GuestGroups.ONE, GuestGroups.device(GuestGroups.ONE)).stream()
        .map(row -> row.get("lv_name"))
        .collect(Collectors.toSet());
  }
}

package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is read from a physical volume is what LVM reports, however often that has changed. */
class GroupMetadataGuestIT {
  private static final int CHANGES = 12;
  private static final Splitter TAGS = Splitter.on(',').omitEmptyStrings();

  @Test
  void whatIsReadIsWhatLvmReports() {
    GuestGroups.make();
    List<Path> device = List.of(GuestGroups.device(GuestGroups.ONE));
    for (int i = 0; i < CHANGES; i++) {
      Optional<String> before = GroupMetadata.stamp(device);
      String name = GuestGroups.ONE + "/vm-x" + i;
      GuestGroups.lvm("lvcreate", "-y", "-Wn", "-l", "1", "-n", "vm-x" + i, GuestGroups.ONE);
      GuestGroups.lvm("lvresize", "-y", "-l", Integer.toString(2 + i), name);
      GuestGroups.lvm("lvchange", "--addtag", "a" + i, "--addtag", "b#=/+" + i, name);
      assertThat(GroupMetadata.text(device).flatMap(MetadataText::parse)).contains(reported());
      assertThat(GroupMetadata.stamp(device)).isPresent().isNotEqualTo(before);
    }
    for (int i = 0; i < CHANGES; i++) {
      GuestGroups.lvm("lvremove", "-y", GuestGroups.ONE + "/vm-x" + i);
    }
    assertThat(GroupMetadata.text(device).flatMap(MetadataText::parse)).contains(reported());
  }

  private static Map<String, ReportedLv> reported() {
    return GuestGroups.rows(GuestGroups.ONE, GuestGroups.device(GuestGroups.ONE)).stream()
        .map(GroupMetadataGuestIT::reported)
        .collect(Collectors.toMap(ReportedLv::name, lv -> lv));
  }

  private static ReportedLv reported(Map<String, String> row) {
    return new ReportedLv(
        row.get("lv_name"),
        Long.parseLong(row.get("lv_size")),
        Set.copyOf(TAGS.splitToList(row.get("lv_tags"))));
  }
}

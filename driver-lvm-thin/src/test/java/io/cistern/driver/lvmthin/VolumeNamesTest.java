package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.spi.DriverException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeNamesTest {
  @ParameterizedTest
  @CsvSource({
    "foo/root, foo-root",
    "foo-root, foo--root",
    "a-/b, a---b",
    "vm/snap, vm-+73nap",
    "snap, snap",
    "vm/snapper, vm-snapper",
    "vm/1/back, vm-1-+62ack",
    "a+b, a+2Bb",
    "a@1, a+401",
    "disk_tdata, disk+5Ftdata",
    "disk_1.raw, disk_1.raw",
    "ä, +C3+A4"
  })
  void aVidIsEncodedAndDecoded(String vid, String encoded) {
    assertThat(VolumeNames.encode(vid)).isEqualTo(encoded);
    assertThat(VolumeNames.decode(encoded)).contains(vid);
  }

  @ParameterizedTest
  @CsvSource({"vm-snap", "a+2b", "a+2", "a+2F+", "disk_tdata", "a+61"})
  void whatNoVidIsEncodedAsIsNotDecoded(String encoded) {
    assertThat(VolumeNames.decode(encoded)).isEmpty();
  }

  /** No name of one volume is a name of another one, whatever the suffix. */
  @Test
  void noTwoVidsShareAName() {
    List<String> parts =
        List.of("a", "-", "/", "snap", "import", "back", "1", "_", "tdata", "+", "2", "removed");
    Random random = new Random(20240229);
    Set<String> vids = new HashSet<>();
    while (vids.size() < 3000) {
      StringBuilder vid = new StringBuilder("v");
      for (int i = random.nextInt(6); i >= 0; i--) {
        vid.append(parts.get(random.nextInt(parts.size())));
      }
      if (!vid.toString().contains("//") && !vid.toString().contains("/-")) {
        vids.add(vid.toString().replaceAll("/$", "/x"));
      }
    }
    Set<String> names = new HashSet<>();
    int count = 0;
    for (String vid : vids) {
      LvNames of = new LvNames(VolumeNames.encode(vid));
      for (String name :
          List.of(
              of.content(),
              of.session(),
              of.imported(),
              of.next(),
              of.revision(1, 1, 0),
              of.revision(1, 2, 1),
              of.export(1),
              of.removed("1"),
              LvNames.free(of.content(), Set.of(of.content())))) {
        names.add(name);
        count++;
      }
    }
    assertThat(names).hasSize(count);
  }

  @Test
  void aNameThatDeviceMapperCantHoldIsRefusedWithTheLimit() throws Exception {
    VolumeNames.check("vg", "vm/" + "x".repeat(60));

    assertThatThrownBy(() -> VolumeNames.check("vg", "vm/" + "x".repeat(100)))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("127");
  }
}

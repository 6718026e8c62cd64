package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.driver.lvmthin.LvNames.Parsed;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LvNamesTest {
  private final LvNames names = new LvNames("a-root");

  @ParameterizedTest
  @CsvSource({
    "vm-a-root, CONTENT",
    "vm-a-root+2, CONTENT",
    "vm-a-root-snap, SESSION",
    "vm-a-root-snap+3, SESSION",
    "vm-a-root-import, IMPORT",
    "vm-a-root-next, NEXT",
    "vm-a-root-7-back, REVISION",
    "vm-a-root-replaced-0a1b2c, REPLACED",
    "vm-a-root-dropped-0a1b2c, DROPPED",
    "vm-a-root-removed-0a1b2c, REMOVED",
    "vm-a-root-export-7, EXPORT",
    "vm-a-root-mine-back, UNKNOWN",
    "vm-a-rootx, UNKNOWN",
    "vm-a-root-export-x, UNKNOWN",
    "other, UNKNOWN"
  })
  void theSuffixTellsTheRole(String name, LvRole role) {
    assertThat(names.parse(name).role()).isEqualTo(role);
  }

  @ParameterizedTest
  @CsvSource({"5, 5, 0", "5, 3, 0", "5, 5, 4", "5, 3, 4"})
  void aRevisionsNameTellsNumberTimeAndFloor(long number, long time, long floor) {
    assertThat(names.parse(names.revision(number, time, floor)))
        .isEqualTo(new Parsed(LvRole.REVISION, number, time, floor));
  }

  @Test
  void anOrdinaryRevisionIsNamedByItsSecondsAlone() {
    assertThat(names.revision(1709208000, 1709208000, 0)).isEqualTo("vm-a-root-1709208000-back");
  }

  @Test
  void aTakenNameGetsANumber() {
    assertThat(LvNames.free("x", Set.of())).isEqualTo("x");
    assertThat(LvNames.free("x", Set.of("x", "x+2"))).isEqualTo("x+3");
  }
}

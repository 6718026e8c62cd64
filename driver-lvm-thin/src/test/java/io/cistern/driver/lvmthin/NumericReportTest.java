package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumericReportTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  /** As lvm.conf can have it, by {@code report/binary_values_as_numeric}. */
  @Test
  void thatAPoolZeroesMayBeSaidByANumber() throws Exception {
    fixture.thinPool().zeroesText = "1";
    try (ThinPools pools = new ThinPools(fixture)) {
      assertThat(pools.committed(pools.origin("vm/root", 0, "first!"), 6)).isEqualTo("first!");
    }
  }
}

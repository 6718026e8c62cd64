package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LvmThinParametersTest {
  private static final long MIB = 1 << 20;

  private static PoolConfig.Builder config() {
    return PoolConfig.builder("p", "lvm_thin").set("volume_group", "vg").set("thin_pool", "pool");
  }

  @Test
  void whatIsNotGivenHasItsDefault() throws Exception {
    assertThat(LvmThinParameters.of(config().build()))
        .isEqualTo(new LvmThinParameters("vg", "pool", 1, new Reserve(3, 10), false));
  }

  @ParameterizedTest
  @CsvSource({
    "volume_group, -x",
    "volume_group, a/b",
    "volume_group, ..",
    "thin_pool, .",
    "revisions_to_keep, -2",
    "reserve, 10",
    "reserve, 10:x",
    "reserve, 10:100",
    "allow_unzeroed, true"
  })
  void malformedValuesAreRefused(String key, String value) {
    assertThatThrownBy(() -> LvmThinParameters.of(config().set(key, value).build()))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value);
  }

  /** Seen with LVM 2.03.16, which refuses to make anything at 75 percent of 2 MiB. */
  @Test
  void whatLvmKeepsOfTheMetadataBelongsToTheReserve() {
    Reserve reserve = new Reserve(0, 0);
    long gib = 1L << 30;
    assertThat(reserve.isFree(new PoolFill(0, gib, 2 * MIB * 3 / 4, 2 * MIB))).isTrue();
    assertThat(reserve.isFree(new PoolFill(0, gib, 2 * MIB * 3 / 4 + 4096, 2 * MIB))).isFalse();
    assertThat(reserve.isFree(new PoolFill(0, gib, gib - 4 * MIB, gib))).isTrue();
    assertThat(reserve.isFree(new PoolFill(0, gib, gib - 3 * MIB, gib))).isFalse();
  }

  @Test
  void belowTheReserveTheRefusalSaysWhatIsShortAndByHowMuch() throws Exception {
    Reserve reserve = new Reserve(10, 10);
    reserve.check("vg/pool", new PoolFill(90 * MIB, 100 * MIB, 0, MIB));

    assertThatThrownBy(() -> reserve.check("vg/pool", new PoolFill(91 * MIB, 100 * MIB, 0, MIB)))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.code()).isEqualTo(Code.OUT_OF_SPACE))
        .hasMessageContaining("for data")
        .hasMessageContaining(Long.toString(MIB));
    assertThatThrownBy(() -> reserve.check("vg/pool", new PoolFill(0, 100 * MIB, MIB, MIB)))
        .hasMessageContaining("for metadata");
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import org.junit.jupiter.api.Test;

/**
 * Thin pools in which the driver has to write the zeros itself; UnzeroedPoolGuestIT has real ones.
 */
class ZeroingTest {
  /** Of 256 MiB a tenth is free. */
  private static final double FILLED = 90;

  private static final int LARGE = 32 << 20;

  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  private Volume large(ThinPools pools) {
    return pools.pool().volume(VolumeConfig.origin("vm", "large").size(LARGE).build());
  }

  private void setZeroes(boolean value) {
    synchronized (fixture.lvm()) {
      fixture.thinPool().zeroes = value;
      fixture.group().changed();
    }
  }

  @Test
  void anImportThatWouldFillThePoolWithZerosIsRefused() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      setZeroes(false);
      pools.reopen(
          PoolConfig.builder("pool", "lvm_thin")
              .set("volume_group", "vg")
              .set("thin_pool", "pool")
              .set("allow_unzeroed", "yes")
              .build());
      fixture.thinPool().filled = FILLED;
      Volume large = large(pools);
      assertThat(
              refused(
                  large.importFrom(
                      Channels.newChannel(new ByteArrayInputStream(new byte[LARGE])), LARGE),
                  Code.OUT_OF_SPACE))
          .hasMessageContaining(Integer.toString(LARGE));
      assertThat(fixture.objects()).noneMatch(name -> name.contains("vm-vm-large"));
    }
  }

  @Test
  void aShrinkThatWouldFillThePoolWithZerosIsRefused() throws Exception {
    fixture.thinPool().discards = "ignore";
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume large = large(pools);
      get(large.create());
      fixture.thinPool().filled = FILLED;
      assertThat(
              refused(large.resize(ThinPools.SIZE, ResizeOption.ALLOW_SHRINK), Code.OUT_OF_SPACE))
          .hasMessageContaining(Long.toString(LARGE - ThinPools.SIZE));
      assertThat(get(large.size())).hasValue(LARGE);
      fixture.thinPool().filled = 0;
      get(large.resize(ThinPools.SIZE, ResizeOption.ALLOW_SHRINK));
    }
  }

  @Test
  void whereZeroingIsSwitchedOffLaterWhatThereIsCanBeEnded() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 1, "first!");
      Volume other = pools.origin("vm/other", 1, "first!");
      pools.write(get(root.start()), "second");
      pools.write(get(other.start()), "second");
      setZeroes(false);
      get(root.stop());
      get(other.stop(StopMode.DISCARD));
      refused(root.start(), Code.UNSUPPORTED);
      refused(pools.declared("vm/new", 1).create(), Code.UNSUPPORTED);
      setZeroes(true);
      assertThat(pools.committed(root, 6)).isEqualTo("second");
      assertThat(pools.committed(other, 6)).isEqualTo("first!");
      setZeroes(false);
      get(other.remove());
    }
  }
}

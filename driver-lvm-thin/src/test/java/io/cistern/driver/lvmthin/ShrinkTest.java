package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a shrink cuts off must not come back with a growth, not even after a power cut. */
class ShrinkTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  /** Takes note of the steps that are not made in the background. */
  private static final class Noting implements StepProbe {
    private final List<String> names = new ArrayList<>();

    @Override
    public synchronized Optional<String> before(Step step) {
      if (!Thread.currentThread().getName().startsWith("cistern-reclaim")) {
        names.add(step.name());
      }
      return Optional.empty();
    }

    synchronized List<String> names() {
      return List.copyOf(names);
    }
  }

  @Test
  void theDiscardIsDurableBeforeTheSizeIs() throws Exception {
    Noting noting = new Noting();
    Storage.Builder builder = Storage.builder().stepProbe(noting);
    fixture.drivers().forEach(builder::driver);
    try (Storage storage = builder.build()) {
      Pool pool = get(storage.open(fixture.config()));
      get(pool.setup());
      Volume root = pool.volume(VolumeConfig.origin("vm", "root").size(2 * ThinPools.SIZE).build());
      get(root.create());
      fixture.awaitIdle();
      get(root.resize(ThinPools.SIZE, ResizeOption.ALLOW_SHRINK));
      List<String> names = noting.names();
      int resize = names.indexOf("lvresize");
      assertThat(resize).isPositive();
      List<String> before = names.subList(names.lastIndexOf("lvcreate"), resize);
      int discard = before.indexOf("fallocate(FALLOC_FL_PUNCH_HOLE)");
      assertThat(discard).isPositive();
      assertThat(before.lastIndexOf("fsync")).as("of %s", before).isGreaterThan(discard);
    }
    fixture.close();
  }
}

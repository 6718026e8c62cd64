package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Volume;
import io.cistern.testkit.memory.InterleavingBug;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivePoolsTest {
  /** As it happens in a mix whose storage is closed while a volume is removed. */
  @Test
  void aVolumeThatIsRemovedWhileTheStorageClosesOpensNoPool() throws Exception {
    try (PoolFixture fixture = InterleavingBug.soundPool()) {
      Scenario scenario = new Scenario(fixture, "", new Waiting("", Duration.ofSeconds(30)));
      Model model = Model.of(fixture);
      LivePools pools = new LivePools(scenario, model);
      for (ModelVolume volume : model.volumes()) {
        Volume removed = pools.volume(volume.name());
        assertThat(pools.declareAnew(removed).id()).isEqualTo(removed.id());
      }

      scenario.close();

      for (ModelVolume volume : model.volumes()) {
        Volume removed = pools.volume(volume.name());
        assertThat(pools.declareAnew(removed)).isSameAs(removed);
      }
    }
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** An error in the background, such as too little memory, may pass. */
class BrokenRemovalTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final AtomicBoolean breaks = new AtomicBoolean();

  @Test
  void afterAnErrorTheNextRemovalIsMade() throws Exception {
    fixture.around(
        launcher ->
            (command, patience) -> {
              if (command.name().equals("lvremove") && breaks.getAndSet(false)) {
                throw new OutOfMemoryError("for a test");
              }
              return launcher.run(command, patience);
            });
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume root = pools.origin("vm/root", 0, "first!");
      fixture.awaitIdle();
      breaks.set(true);
      discardSession(root);
      assertThat(breaks).isFalse();
      discardSession(root);
      assertThat(fixture.objects()).noneMatch(name -> name.contains("-dropped-"));
    }
  }

  private void discardSession(Volume root) {
    get(root.start());
    get(root.stop(StopMode.DISCARD));
    fixture.awaitIdle();
  }
}

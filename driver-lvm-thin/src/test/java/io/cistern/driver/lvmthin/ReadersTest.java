package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who reads a volume by a name, and who takes that name away. */
class ReadersTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);

  @AfterEach
  void close() throws Exception {
    pools.close();
  }

  /** A clone may be about to be made of it. */
  @Test
  void whatIsRemovedKeepsItsNameWhileItIsRead() throws Exception {
    Volume root = pools.origin("vm/root", 0, "first!");
    fixture.awaitIdle();
    AtomicReference<CompletableFuture<?>> again = new AtomicReference<>();
    try (AutoCloseable unused = heldContent()) {
      get(root.remove());
      ((LvmThinVolume) root)
          .lvs()
          .reading(
              view -> {
                String tombstone = view.all().get(0).name();
                again.set(root.create());
                Uninterruptibles.sleepUninterruptibly(Duration.ofMillis(500));
                synchronized (fixture.lvm()) {
                  assertThat(fixture.group().find(tombstone)).isPresent();
                }
                return view;
              });
      get(again.get());
    }
  }

  private AutoCloseable heldContent() throws IOException {
    return fixture.hold(fixture.group().find("vm-vm-root").orElseThrow().data);
  }
}

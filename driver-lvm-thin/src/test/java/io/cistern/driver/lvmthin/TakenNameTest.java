package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Iterables;
import io.cistern.storage.Volume;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A name that was free when a command was made up is taken by another pool of the group. */
class TakenNameTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");
  private final ThinPools pools = new ThinPools(fixture);

  @AfterEach
  void close() throws Exception {
    pools.close();
  }

  /** Once, right before a command of this name runs. */
  private void takeBefore(String command, Function<List<String>, String> nameIn) {
    AtomicBoolean isTaken = new AtomicBoolean();
    fixture.around(
        launcher ->
            (given, patience) -> {
              if (given.name().equals(command) && !isTaken.getAndSet(true)) {
                take(nameIn.apply(given.arguments()));
              }
              return launcher.run(given, patience);
            });
  }

  private void take(String name) {
    synchronized (fixture.lvm()) {
      fixture.group().add(name, "thin", "pool2", SimulatedFixture.EXTENT);
    }
  }

  @Test
  void aStartTakesAnotherName() throws Exception {
    Volume root = pools.origin("vm/root", 1, "first!");
    fixture.awaitIdle();
    takeBefore("lvcreate", arguments -> "vm-vm-root-snap");
    pools.commit(root, "second");
    assertThat(pools.committed(root, 6)).isEqualTo("second");
  }

  @Test
  void aCommitTakesAnotherName() throws Exception {
    Volume root = pools.origin("vm/root", 1, "first!");
    pools.write(get(root.start()), "second");
    fixture.awaitIdle();
    takeBefore("lvrename", Iterables::getLast);
    get(root.stop());
    assertThat(pools.committed(root, 6)).isEqualTo("second");
  }

  @Test
  void aCreateTakesAnotherName() throws Exception {
    Volume root = pools.declared("vm/root", 1);
    takeBefore("lvcreate", arguments -> "vm-vm-root");
    get(root.create());
    pools.commit(root, "second");
    assertThat(pools.committed(root, 6)).isEqualTo("second");
  }
}

package io.cistern.driver.lvmthin;

import static io.cistern.driver.lvmthin.ThinPools.get;
import static io.cistern.driver.lvmthin.ThinPools.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The first rename of a switch does its work and fails, and so does the report that would tell.
 * Then the successor is the only sign of which logical volume is the content.
 */
class SpoiledRenameTest {
  private final SimulatedFixture fixture = new SimulatedFixture("vg/pool", "vg/pool2");

  /** Spoils the next rename, and lets the command after it fail. */
  private static final class Spoiling implements StepProbe {
    private boolean isArmed;
    private boolean isSpoiled;

    synchronized void arm() {
      isArmed = true;
    }

    synchronized boolean isSpoiled() {
      return isSpoiled;
    }

    @Override
    public synchronized Optional<String> before(Step step) {
      boolean isHere = isArmed && step.kind() == Step.Kind.COMMAND;
      if (isHere && isSpoiled) {
        isArmed = false;
        return Optional.of(step.errors().get(0));
      }
      if (isHere && step.name().equals("lvrename")) {
        isSpoiled = true;
        return Optional.of(step.errors().get(1));
      }
      return Optional.empty();
    }
  }

  @Test
  void theContentGetsItsNameBack() throws Exception {
    try (ThinPools pools = new ThinPools(fixture)) {
      Volume made = pools.origin("vm/root", 0, "first!");
      VolumeConfig config = made.config();
      pools.suspend();
      Spoiling probe = new Spoiling();
      Storage.Builder builder = Storage.builder().stepProbe(probe);
      fixture.drivers().forEach(builder::driver);
      try (Storage storage = builder.build()) {
        Pool pool = get(storage.open(fixture.config()));
        Volume root = pool.volume(config);
        fixture.awaitIdle();
        probe.arm();
        refused(root.resize(2 * ThinPools.SIZE), Code.IO);
        assertThat(probe.isSpoiled()).isTrue();
        assertThat(committed(root)).isEqualTo("first!");
        get(root.resize(2 * ThinPools.SIZE));
        assertThat(committed(root)).isEqualTo("first!");
      }
      pools.resume();
      get(pools.declared("vm/root", 0).remove());
    }
  }

  private String committed(Volume volume) throws Exception {
    try (VolumeExport export = get(volume.export())) {
      return new String(fixture.read(export.path(), 0, 6), StandardCharsets.UTF_8);
    }
  }
}

package io.cistern.testkit.memory;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.List;

/** A bug that no single operation shows, but that a sequence or a mix of them does. */
public enum InterleavingBug {
  SIZE_FROM_STALE_STATE(false, SequenceBugs.SizeFromStaleState::new),
  SECOND_IMPORT_STEALS_THE_FIRST(false, SequenceBugs.SecondImportStealsTheFirst::new),
  REVERT_REUSES_NUMBER(false, SequenceBugs.RevertReusesNumber::new),
  SECOND_CRASH_LOSES_SESSION(false, SequenceBugs.SecondCrashLosesSession::new),
  CATALOGUE_READ_BEFORE_THE_LOCK(true, MixBugs.CatalogueReadBeforeTheLock::new),
  TORN_COPY_OF_A_SOURCE(true, MixBugs.TornCopyOfSource::new),
  UNPINNED_SOURCE(true, MixBugs.UnpinnedSource::new),
  LOCKS_IN_ANY_ORDER(true, MixBugs.LocksInAnyOrder::new);

  private final boolean inMixes;
  private final PoolBugs.Volumes volumes;

  InterleavingBug(boolean inMixes, PoolBugs.Volumes volumes) {
    this.inMixes = inMixes;
    this.volumes = volumes;
  }

  /** Tells whether it takes operations at once to see it. */
  public boolean isInMixes() {
    return inMixes;
  }

  /** Makes a place whose driver has the bug. */
  public PoolFixture newPool() throws IOException {
    PoolDriver driver =
        new MemoryDriver() {
          @Override
          public Pool open(String name, PoolConfig config, DriverContext context)
              throws IOException {
            MemoryPool sound = (MemoryPool) super.open(name, config, context);
            return new PoolBugs.WithVolumes(sound, context, volumes);
          }
        };
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(driver);
      }
    };
  }

  /** Makes a place whose driver has no bug. */
  public static PoolFixture soundPool() throws IOException {
    return new MemoryFixture();
  }
}

package io.cistern.testkit.memory;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.PoolConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.List;

/** The suite on a driver with a bug; run by {@link OneBugVariantsTest} alone, hence its name. */
class BuggyConformance extends PoolConformance {
  /**
   * What the next run has; the engine makes the instances, so it can't be handed to them. The
   * property is for a run of the whole suite by hand.
   */
  static volatile Bug bug = Bug.valueOf(System.getProperty("cistern.bug", "LOCK_NOT_TAKEN"));

  @Override
  protected PoolFixture newPool() throws IOException {
    return place(bug);
  }

  /** Makes a place whose driver has the bug. */
  static PoolFixture place(Bug bug) throws IOException {
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(new BuggyDriver(bug));
      }
    };
  }

  private static final class BuggyDriver extends MemoryDriver {
    private final Bug bug;

    BuggyDriver(Bug bug) {
      this.bug = bug;
    }

    @Override
    public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
      return bug.spoil((MemoryPool) super.open(name, config, context), context);
    }
  }
}

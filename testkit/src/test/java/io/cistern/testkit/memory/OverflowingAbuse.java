package io.cistern.testkit.memory;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.AbuseConformance;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.List;

/**
 * Abuse of a driver that reads any row of digits as a number; run by {@link AbuseFindsBugsTest}
 * alone, hence its name.
 */
class OverflowingAbuse extends AbuseConformance {
  @Override
  protected PoolFixture newPool() throws IOException {
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(new OverflowingDriver());
      }
    };
  }

  private static final class OverflowingDriver extends MemoryDriver {
    @Override
    public Pool open(String name, PoolConfig config, DriverContext context) throws IOException {
      String revisions = config.get("revisions_to_keep").orElse("1");
      int unused = revisions.matches("-?\\d+") ? Integer.parseInt(revisions) : 1;
      return super.open(name, config, context);
    }
  }
}

package io.cistern.driver.reflink;

import io.cistern.directory.testing.DirectoryPowerCuts;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;

abstract class ReflinkPowerCuts extends DirectoryPowerCuts {
  ReflinkPowerCuts(FileSystemUnderTest fileSystem) {
    super(fileSystem);
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return ReflinkFixture.withPower(fileSystem());
  }

  /** See docs/decisions/0014. */
  @Override
  protected boolean isNeededNowhere(String operation, int number, Step sync) {
    boolean ofPool = sync.detail().endsWith("/pool");
    boolean ofCounter = operation.startsWith("revert keeping nothing") && number == 1;
    return ofPool || ofCounter;
  }

  /** A clone is one too. */
  @Override
  protected boolean isOfNewFile(Step sync) {
    return sync.detail().endsWith(".img~dirty") || super.isOfNewFile(sync);
  }
}

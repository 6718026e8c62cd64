package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerCutConformance;
import java.io.IOException;

/**
 * The power cuts, and which syncs are made although no file system, or not this one, needs them.
 */
abstract class ReflinkPowerCuts extends PowerCutConformance {
  private final FileSystemUnderTest fileSystem;

  ReflinkPowerCuts(FileSystemUnderTest fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return ReflinkFixture.withPower(fileSystem);
  }

  /** See docs/decisions/0014. */
  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    boolean ofPool = sync.detail().endsWith("/pool");
    boolean ofCounter = operation.startsWith("revert keeping nothing") && number == 1;
    return ofPool || ofCounter || (fileSystem == FileSystemUnderTest.XFS && isOfNewFile(sync));
  }

  /** A clone, and a file that was emptied and written again: XFS writes both out by itself. */
  private static boolean isOfNewFile(Step sync) {
    return sync.detail().endsWith(".img~dirty") || sync.detail().endsWith("-import.img");
  }
}

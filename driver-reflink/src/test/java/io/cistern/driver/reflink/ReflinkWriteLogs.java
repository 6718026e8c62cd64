package io.cistern.driver.reflink;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.WriteLogConformance;
import java.io.IOException;

/**
 * The writes that a disk's cache loses, and which syncs are made although no file system, or not
 * this one, needs them.
 */
abstract class ReflinkWriteLogs extends WriteLogConformance {
  private final FileSystemUnderTest fileSystem;

  ReflinkWriteLogs(FileSystemUnderTest fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return ReflinkFixture.withWriteLog(fileSystem);
  }

  /** See docs/decisions/0018. */
  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    boolean ofPool = sync.detail().endsWith("/pool");
    boolean ofCounter = operation.startsWith("revert keeping nothing") && number == 1;
    boolean ofClone =
        sync.detail().endsWith(".img~dirty")
            || (operation.startsWith("clone") && sync.detail().endsWith("-import.img"));
    return ofPool || ofCounter || (fileSystem == FileSystemUnderTest.XFS && ofClone);
  }
}

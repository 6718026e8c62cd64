package io.cistern.directory.testing;

import io.cistern.storage.spi.Step;
import io.cistern.testkit.PowerCutConformance;

/**
 * The power cuts, and which syncs are made although no file system, or not this one, needs them.
 */
public abstract class DirectoryPowerCuts extends PowerCutConformance {
  private final FileSystemUnderTest fileSystem;

  /** Makes those on a file system. */
  protected DirectoryPowerCuts(FileSystemUnderTest fileSystem) {
    this.fileSystem = fileSystem;
  }

  /** Returns the file system that the pool lies on. */
  protected final FileSystemUnderTest fileSystem() {
    return fileSystem;
  }

  /** Tells of a sync that none of the file systems here needs, nor the kernel. */
  protected abstract boolean isNeededNowhere(String operation, int number, Step sync);

  /** Tells of a sync of a file that was emptied and written again: XFS writes it out by itself. */
  protected boolean isOfNewFile(Step sync) {
    return sync.detail().endsWith("-import.img");
  }

  @Override
  protected final boolean isImplied(String operation, int number, Step sync) {
    return isNeededNowhere(operation, number, sync)
        || (fileSystem == FileSystemUnderTest.XFS && isOfNewFile(sync));
  }
}

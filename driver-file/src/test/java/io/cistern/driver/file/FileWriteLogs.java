package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.WriteLogConformance;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * The writes that a disk's cache loses, and which syncs are made although the file systems here, or
 * the kernel, do without.
 */
abstract class FileWriteLogs extends WriteLogConformance {
  private static final Set<String> SELECTED =
      Set.of("start of origin", "stop of origin", "revert of origin", "import of origin");

  /** Of the operations for which ext4 shows more than by power cuts. See docs/decisions/0018. */
  private static final Map<String, Set<Integer>> IMPLIED_ON_EXT4 =
      Map.of(
          "start of origin",
          Set.of(),
          "stop of origin",
          Set.of(1, 2, 5),
          "stop crashed of origin",
          Set.of(4));

  private final FileSystemUnderTest fileSystem;

  FileWriteLogs(FileSystemUnderTest fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return FileFixture.withWriteLog(fileSystem);
  }

  /** Each takes a good part of a minute in an emulated machine. */
  @Override
  protected boolean isSelected(String operation) {
    return SELECTED.contains(operation);
  }

  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    Set<Integer> implied = IMPLIED_ON_EXT4.get(operation);
    return fileSystem == FileSystemUnderTest.EXT4 && implied != null
        ? implied.contains(number)
        : FilePowerCuts.isNeededNowhere(operation, number) || isOfNewFileOnXfs(sync);
  }

  /** XFS writes a file out by itself that was emptied and written again. */
  private boolean isOfNewFileOnXfs(Step sync) {
    return fileSystem == FileSystemUnderTest.XFS && sync.detail().endsWith("-import.img");
  }
}

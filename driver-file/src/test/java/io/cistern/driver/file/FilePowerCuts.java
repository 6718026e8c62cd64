package io.cistern.driver.file;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.PowerCutConformance;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * The power cuts, and which syncs are made although the file systems here, or the kernel, do
 * without.
 */
abstract class FilePowerCuts extends PowerCutConformance {
  private static final Set<Integer> IN_A_REVERT = Set.of(1, 3, 4, 5, 7, 8);

  /** Why, docs/decisions/0016 says. */
  private static final Map<String, Set<Integer>> IMPLIED =
      Map.of(
          "start of origin", Set.of(1),
          "stop of origin", Set.of(3, 4),
          "revert of origin", IN_A_REVERT,
          "revert keeping nothing of origin", IN_A_REVERT,
          "import of origin", Set.of(3, 4),
          "first import of origin", Set.of(1, 4, 5),
          "clone of origin", Set.of(3, 4));

  private final FileSystemUnderTest fileSystem;

  FilePowerCuts(FileSystemUnderTest fileSystem) {
    this.fileSystem = fileSystem;
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return FileFixture.withPower(fileSystem);
  }

  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    return isImplied(fileSystem, operation, number, sync);
  }

  static boolean isImplied(
      FileSystemUnderTest fileSystem, String operation, int number, Step sync) {
    return IMPLIED.getOrDefault(operation, Set.of()).contains(number)
        || (fileSystem == FileSystemUnderTest.XFS && isOfNewFile(sync));
  }

  /** A file that was emptied and written again: XFS writes it out by itself. */
  private static boolean isOfNewFile(Step sync) {
    return sync.detail().endsWith("-import.img");
  }
}

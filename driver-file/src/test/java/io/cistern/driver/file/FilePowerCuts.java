package io.cistern.driver.file;

import io.cistern.directory.testing.DirectoryPowerCuts;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

abstract class FilePowerCuts extends DirectoryPowerCuts {
  private static final Set<Integer> IN_A_REVERT = Set.of(1, 3, 4, 5, 7, 8);

  /**
   * Why, docs/decisions/0016 says; of a stop that keeps nothing it was seen on ext4, and is not
   * explained there.
   */
  private static final Map<String, Set<Integer>> IMPLIED =
      Map.of(
          "start of origin", Set.of(1),
          "stop of origin", Set.of(1, 2, 4, 5),
          "stop crashed of origin", Set.of(3, 4),
          "stop keeping nothing of origin", Set.of(1, 2, 3, 4, 5),
          "revert of origin", IN_A_REVERT,
          "revert keeping nothing of origin", IN_A_REVERT,
          "import of origin", Set.of(3, 4),
          "first import of origin", Set.of(1, 4, 5),
          "clone of origin", Set.of(3, 4));

  FilePowerCuts(FileSystemUnderTest fileSystem) {
    super(fileSystem);
  }

  @Override
  protected PoolFixture newPool() throws IOException {
    return FileFixture.withPower(fileSystem());
  }

  @Override
  protected boolean isNeededNowhere(String operation, int number, Step sync) {
    return isNeededNowhere(operation, number);
  }

  static boolean isNeededNowhere(String operation, int number) {
    return IMPLIED.getOrDefault(operation, Set.of()).contains(number);
  }
}

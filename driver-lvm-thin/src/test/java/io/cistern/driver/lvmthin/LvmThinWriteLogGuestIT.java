package io.cistern.driver.lvmthin;

import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture;
import io.cistern.testkit.WriteLogConformance;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

class LvmThinWriteLogGuestIT extends WriteLogConformance {
  private static final Map<String, Set<Integer>> IMPLIED =
      Map.of(
          "start of origin", Set.of(1),
          "stop of origin", Set.of(1, 2),
          "revert of origin", Set.of(1, 2));

  @Override
  protected PoolFixture newPool() throws IOException {
    return GuestFixture.withWriteLog();
  }

  /** Each disk takes some dozens of commands of LVM, each of which takes half a second here. */
  @Override
  protected boolean isSelected(String operation) {
    return operation.equals("stop of origin");
  }

  /** What the kernel or a later sync of the operation makes durable; see docs/decisions/0016. */
  @Override
  protected boolean isImplied(String operation, int number, Step sync) {
    return IMPLIED.getOrDefault(operation, Set.of()).contains(number);
  }
}

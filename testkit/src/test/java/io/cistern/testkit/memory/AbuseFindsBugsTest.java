package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Abuse that no bug minds is worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class AbuseFindsBugsTest {
  @ParameterizedTest
  @EnumSource(
      names = {
        "NAMES_NOT_INJECTIVE",
        "REMOVE_TAKES_LONGER_NAMES",
        "SWEEP_TAKES_FOREIGN",
        "SIZE_NOT_ROUNDED",
        "ABORT_COMMITS"
      })
  void aBugMakesATestFail(Bug bug) {
    BuggyAbuse.bug = bug;
    long failed =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(BuggyAbuse.class))
            .execute()
            .testEvents()
            .failed()
            .count();
    assertThat(failed).as("tests that fail by %s", bug).isPositive();
  }
}

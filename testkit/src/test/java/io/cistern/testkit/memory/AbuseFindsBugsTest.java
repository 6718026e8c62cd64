package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.Test;
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
    assertThat(testsThatFail(BuggyAbuse.class)).as("tests that fail by %s", bug).isNotEmpty();
  }

  /** No other suite shows it: a word is refused, and numbers of sane size are read. */
  @Test
  void aNumberThatOverflowsMakesATestFail() {
    assertThat(testsThatFail(OverflowingAbuse.class))
        .containsExactly("rule101_aConfigurationIsReadOrRefused()");
  }

  @Test
  void aRemovalThatReachesIntoAnotherPoolMakesATestFail() {
    assertThat(testsThatFail(ReachingAbuse.class))
        .containsExactly("rule202_aNameIsHeldOrRefusedAndNothingElseIsTouched()");
  }

  private static List<String> testsThatFail(Class<?> suite) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(suite))
        .execute()
        .testEvents()
        .failed()
        .map(event -> event.getTestDescriptor().getDisplayName())
        .toList();
  }
}

package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Abuse that no bug minds is worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class AbuseFindsBugsTest {
  private static final String NAMES = "rule202_aNameIsHeldOrRefusedAndNothingElseIsTouched()";
  private static final String SIZES = "rule601_aSizeIsHeldOrRefused()";

  @ParameterizedTest
  @CsvSource({
    "NAMES_NOT_INJECTIVE, " + NAMES,
    "REMOVE_TAKES_LONGER_NAMES, " + NAMES,
    "SWEEP_TAKES_FOREIGN, " + NAMES,
    "SIZE_NOT_ROUNDED, " + SIZES,
    "ABORT_COMMITS, " + SIZES
  })
  void aBugMakesTheTestFailThatIsMeantForIt(Bug bug, String test) {
    BuggyAbuse.bug = bug;
    assertThat(testsThatFail(BuggyAbuse.class)).as("tests that fail by %s", bug).contains(test);
  }

  /** No other suite shows it: a word is refused, and numbers of sane size are read. */
  @Test
  void aNumberThatOverflowsMakesATestFail() {
    assertThat(testsThatFail(OverflowingAbuse.class))
        .containsExactly("rule101_aConfigurationIsReadOrRefused()");
  }

  @Test
  void aRemovalThatReachesIntoAnotherPoolMakesATestFail() {
    assertThat(testsThatFail(ReachingAbuse.class)).containsExactly(NAMES);
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

package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A cluttered place that no bug minds is worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class ClutterFindsBugsTest {
  private static final String MEANT = "inAClutteredPlaceWhatIsDoneEndsAndNothingElseIsTouched";

  /** What the next run has; the engine makes the instances, so it can't be handed to them. */
  static volatile ClutterBug bug = ClutterBug.FOLLOWS_A_LINK;

  @ParameterizedTest
  @EnumSource
  void aBugMakesTheTestFailThatIsMeantForIt(ClutterBug planted) {
    bug = planted;
    List<String> failures = SuiteFailures.of(BuggyClutter.class, MEANT);
    assertThat(failures)
        .as("what fails by %s", planted)
        .hasSize(1)
        .allMatch(message -> message.contains("rule110_"));
  }
}

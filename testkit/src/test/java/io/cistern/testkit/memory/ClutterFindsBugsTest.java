package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

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
    List<String> failures =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(BuggyClutter.class))
            .execute()
            .testEvents()
            .failed()
            .stream()
            .filter(event -> event.getTestDescriptor().getDisplayName().contains(MEANT))
            .map(event -> event.getPayload(TestExecutionResult.class))
            .flatMap(Optional::stream)
            .map(result -> result.getThrowable().map(Throwable::toString).orElse(""))
            .toList();
    assertThat(failures)
        .as("what fails by %s", planted)
        .hasSize(1)
        .allMatch(message -> message.contains("rule110_"));
  }
}

package io.cistern.driver.lvmthin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Hanging commands and full metadata that no bug minds are worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class LvmSuitesFindBugsTest {
  /** What the next run has; the engine makes the instances, so it can't be handed to them. */
  static volatile LvmBug bug = LvmBug.KILLS_WHAT_HANGS;

  @ParameterizedTest
  @EnumSource
  void aBugMakesTheSuiteFail(LvmBug planted) {
    bug = planted;
    assertThat(failures(planted.suite))
        .as("what fails by %s", planted)
        .isNotEmpty()
        .allMatch(message -> message.matches("(?s).*\\b%d: .*".formatted(planted.rule)));
  }

  @Test
  void whatIsDoneBeforeItsSwitchHasEndedIsFound() {
    bug = LvmBug.TAKES_A_HANGING_SWITCH_FOR_DONE;
    assertThat(failures(bug.suite))
        .anyMatch(message -> message.contains("reported done though that has not ended"));
  }

  private static List<String> failures(Class<?> suite) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(suite))
        .execute()
        .testEvents()
        .failed()
        .stream()
        .map(event -> event.getPayload(TestExecutionResult.class))
        .flatMap(Optional::stream)
        .map(result -> result.getThrowable().map(Throwable::toString).orElse(""))
        .toList();
  }
}

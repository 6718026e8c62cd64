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

/** Rivals whom no broken lock troubles are worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class RivalsFindBugsTest {
  @ParameterizedTest
  @EnumSource(names = {"LOCK_DIES_EARLY", "LOCK_OUTLIVES_ITS_PROCESS"})
  void aBrokenLockMakesTheSuiteFail(KillBug planted) {
    BuggyRivals.bug = planted;
    List<String> failures =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(BuggyRivals.class))
            .execute()
            .testEvents()
            .failed()
            .stream()
            .map(event -> event.getPayload(TestExecutionResult.class))
            .flatMap(Optional::stream)
            .map(result -> result.getThrowable().map(Throwable::toString).orElse(""))
            .toList();
    assertThat(failures)
        .as("what fails by %s", planted)
        .isNotEmpty()
        .allMatch(message -> message.contains("rule%d_".formatted(planted.rule)));
  }
}

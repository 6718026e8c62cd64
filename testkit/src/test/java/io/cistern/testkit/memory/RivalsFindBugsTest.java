package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rivals whom no broken lock troubles are worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class RivalsFindBugsTest {
  @ParameterizedTest
  @EnumSource(names = {"LOCK_DIES_EARLY", "LOCK_OUTLIVES_ITS_PROCESS"})
  void aBrokenLockMakesTheSuiteFail(KillBug planted) {
    BuggyRivals.bug = planted;
    List<String> failures = SuiteFailures.of(BuggyRivals.class);
    assertThat(failures)
        .as("what fails by %s", planted)
        .isNotEmpty()
        .allMatch(message -> message.contains("rule%d_".formatted(planted.rule)));
  }
}

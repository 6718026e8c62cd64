package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kills that no bug minds are worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class KillsFindBugsTest {
  /** What the next run has; the engine makes the instances, so it can't be handed to them. */
  static volatile KillBug bug = KillBug.NONE;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aBugMakesTheSuiteFail(KillBug planted) {
    bug = planted;
    List<String> failures = SuiteFailures.of(BuggyKills.class);
    assertThat(failures)
        .as("what fails by %s", planted)
        .isNotEmpty()
        .allMatch(message -> message.matches("(?s).*\\b%d: .*".formatted(planted.rule)));
  }
}

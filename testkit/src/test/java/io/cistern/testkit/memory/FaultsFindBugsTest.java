package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults that no bug minds are worth nothing. */
@Execution(ExecutionMode.SAME_THREAD)
class FaultsFindBugsTest {
  /** What the next run has; the engine makes the instances, so it can't be handed to them. */
  static volatile FaultBug bug = FaultBug.FAILED_STOP_SUCCEEDS;

  @ParameterizedTest
  @EnumSource
  void aBugMakesTheSuiteFail(FaultBug planted) throws IOException {
    bug = planted;
    List<String> failures = SuiteFailures.of(planted.suite);
    assertThat(failures)
        .as("what fails by %s", planted)
        .isNotEmpty()
        .allMatch(message -> message.matches("(?s).*\\b%d: .*".formatted(planted.rule)));
    String suite = planted.suite == BuggyFull.class ? "full" : "faults";
    String report = "%s-%s.txt".formatted(planted.suite.getSimpleName(), suite);
    assertThat(Files.readAllLines(Path.of("target", "crash-reports", report)))
        .as("the report of %s", planted)
        .anyMatch(line -> line.matches(planted.operation + ".*: FAILED .*"));
  }
}

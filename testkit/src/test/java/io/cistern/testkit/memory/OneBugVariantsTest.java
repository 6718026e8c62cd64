package io.cistern.testkit.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.cistern.testkit.Rule;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** A suite that lets a bug pass is worth nothing: each bug fails a test of the rule it breaks. */
@Execution(ExecutionMode.SAME_THREAD)
class OneBugVariantsTest {
  private static final Pattern RULE = Pattern.compile("\\brule\\d+_");

  @ParameterizedTest
  @EnumSource
  void aBugFailsATestOfTheRuleThatItBreaks(Bug bug) {
    BuggyConformance.bug = bug;
    List<DiscoverySelector> tests = testsOf(bug.rule);
    assertThat(tests).as("tests of rule %d", bug.rule).isNotEmpty();

    Events events =
        EngineTestKit.engine("junit-jupiter")
            .selectors(tests.toArray(DiscoverySelector[]::new))
            .execute()
            .testEvents();

    assertThat(messages(events.failed()))
        .as("what fails of %d tests of rule %d", tests.size(), bug.rule)
        .anyMatch(message -> RULE.matcher(message).find());
  }

  private static List<DiscoverySelector> testsOf(int rule) {
    List<DiscoverySelector> tests = new ArrayList<>();
    for (Class<?> type = BuggyConformance.class; type != null; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        Rule rules = method.getAnnotation(Rule.class);
        if (rules != null && Arrays.stream(rules.value()).anyMatch(number -> number == rule)) {
          tests.add(selectMethod(BuggyConformance.class, method));
        }
      }
    }
    return tests;
  }

  private static List<String> messages(Events failed) {
    return failed.stream()
        .map(event -> event.getPayload(TestExecutionResult.class))
        .flatMap(Optional::stream)
        .map(result -> result.getThrowable().map(Throwable::toString).orElse(""))
        .toList();
  }
}

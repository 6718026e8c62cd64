package io.cistern.testkit.memory;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

/** What fails when a suite runs on a driver with a bug. */
final class SuiteFailures {
  private SuiteFailures() {}

  /** Runs a suite, and returns of each test that fails what it throws, as text. */
  static List<String> of(Class<?> suite) {
    return of(suite, "");
  }

  /** The same of those tests only whose name has this in it. */
  static List<String> of(Class<?> suite, String name) {
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectClass(suite))
        .execute()
        .testEvents()
        .failed()
        .stream()
        .filter(event -> event.getTestDescriptor().getDisplayName().contains(name))
        .map(event -> event.getPayload(TestExecutionResult.class))
        .flatMap(Optional::stream)
        .map(result -> result.getThrowable().map(Throwable::toString).orElse(""))
        .toList();
  }
}

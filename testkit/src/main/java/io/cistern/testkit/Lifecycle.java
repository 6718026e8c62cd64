package io.cistern.testkit;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test a place and a scenario in it, and checks after a test that succeeded that it has
 * left nothing. After one that failed there is no telling, and its failure says more.
 */
final class Lifecycle implements BeforeEachCallback, AfterEachCallback {
  @Override
  public void beforeEach(ExtensionContext context) throws Exception {
    ConformanceTest test = (ConformanceTest) context.getRequiredTestInstance();
    test.begin(context.getRequiredTestMethod().getName());
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    ConformanceTest test = (ConformanceTest) context.getRequiredTestInstance();
    test.end(context.getExecutionException().isEmpty());
  }
}

package io.cistern.testkit;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestMethodOrder;

/** What each conformance test begins with and is checked for at its end. */
@TestMethodOrder(MethodOrderer.MethodName.class)
abstract class ConformanceTest {
  protected abstract PoolFixture newPool() throws Exception;
}

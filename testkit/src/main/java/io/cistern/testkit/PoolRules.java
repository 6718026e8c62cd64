package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import org.junit.jupiter.api.Test;

/** Section 1 of the contract: pools. */
abstract class PoolRules extends ConformanceTest {
  @Test
  @Rule(103)
  void rule103_aConfigurationThatWasWrittenAndReadOpensAnEqualPool() throws Exception {
    try (PoolFixture fixture = newPool()) {
      Storage.Builder builder = Storage.builder();
      fixture.drivers().forEach(builder::driver);
      try (Storage storage = builder.build()) {
        PoolConfig copy = PoolConfig.fromMap(fixture.config().asMap());
        Pool pool = storage.open(copy).join();
        assertThat(pool.config()).isEqualTo(fixture.config());
      }
    }
  }
}

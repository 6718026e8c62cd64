package io.cistern.testkit;

import java.time.Duration;

/** Makes fresh places for runs against the model, and says how long a run waits. */
interface ModelPlace {
  /** Returns a fresh, empty place. */
  PoolFixture newPool() throws Exception;

  /** Returns after how long something that has not ended is taken for a deadlock. */
  default Duration patience(PoolFixture fixture) {
    return fixture.patience();
  }
}

package io.cistern.testkit;

import io.cistern.storage.Pool;
import io.cistern.storage.Volume;

/** All that can be asked of a pool and of a volume, whatever is wrong. */
final class Questions {
  private Questions() {}

  /** Asks all; each has to be answered. */
  static void ask(Scenario scenario, Volume volume) {
    Waiting waiting = scenario.waiting();
    Pool pool = scenario.pool();
    waiting.await(pool.info());
    waiting.await(pool.usage());
    waiting.await(pool.volumes());
    waiting.await(volume.info());
    waiting.await(volume.state());
    waiting.await(volume.size());
    waiting.await(volume.usage());
    waiting.await(volume.revisions());
    waiting.await(volume.isDirty());
  }
}

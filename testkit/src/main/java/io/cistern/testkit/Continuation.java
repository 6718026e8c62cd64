package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.util.List;

/** Finds out whether a volume goes on working after its operation was interrupted. */
final class Continuation {
  private static final String STANDS_STILL = "it does not go on";

  private final Scenario scenario;

  Continuation(Scenario scenario) {
    this.scenario = scenario;
  }

  /** A session continues, a volume without content can be made, and in the end nothing is left. */
  void check(String where, Volume volume, Picture picture) {
    scenario.check(
        where,
        STANDS_STILL,
        () -> {
          cycle(volume, picture);
          scenario.waiting().await(volume.remove());
        });
  }

  /**
   * The same, and what is written next is committed as it was written, and the revisions are what
   * they were and stay that (see {@link RevisionHistory}).
   *
   * @param had the revisions that there were before the interruption
   */
  void checkCommit(String where, Volume volume, Picture picture, List<Revision> had) {
    Waiting waiting = scenario.waiting();
    scenario.check(
        where,
        STANDS_STILL,
        () -> {
          if (volume.kind().saveOnStop()) {
            RevisionHistory history = new RevisionHistory(scenario, where, volume, had);
            cycle(volume, picture);
            history.committed();
            commit(volume);
            history.committed();
          } else {
            cycle(volume, picture);
          }
          waiting.await(volume.remove());
        });
  }

  private void cycle(Volume volume, Picture picture) {
    Waiting waiting = scenario.waiting();
    if (picture.committed().isEmpty() && picture.session().isEmpty()) {
      waiting.await(volume.create());
    }
    waiting.await(volume.start());
    waiting.await(volume.stop());
  }

  private void commit(Volume volume) {
    Content next = startAndWrite(volume);
    scenario.waiting().await(volume.stop());
    new Images(scenario).assertCommitted(volume, next);
  }

  /**
   * Fills the device, which need not be as large as what was committed: a source may be smaller.
   */
  private Content startAndWrite(Volume volume) {
    PoolFixture fixture = scenario.fixture();
    try {
      var device = scenario.waiting().await(volume.start());
      Content content = scenario.content(fixture.size(device.path()));
      fixture.write(device.path(), 0, content.bytes());
      return content;
    } catch (IOException e) {
      throw new AssertionError(volume + " can't be written to", e);
    }
  }
}

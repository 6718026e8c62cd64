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
   * The same, and what is written next is committed as it was written, by a revision whose number
   * was never used before (rule 402).
   *
   * @param highest the highest number of a revision that there was before the interruption
   */
  void checkCommit(String where, Volume volume, Picture picture, long highest) {
    Waiting waiting = scenario.waiting();
    scenario.check(
        where,
        STANDS_STILL,
        () -> {
          cycle(volume, picture);
          if (volume.kind().saveOnStop()) {
            commit(volume, highest);
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

  private void commit(Volume volume, long highest) {
    Waiting waiting = scenario.waiting();
    Images images = new Images(scenario);
    Content next = startAndWrite(volume);
    waiting.await(volume.stop());
    images.assertCommitted(volume, next);
    List<Revision> revisions = waiting.await(volume.revisions());
    if (!revisions.isEmpty() && revisions.get(revisions.size() - 1).id().number() <= highest) {
      throw new AssertionError(
          "the revisions are %s, and there was %d before".formatted(revisions, highest));
    }
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

package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.Volume;
import java.util.List;

/**
 * What an operation that is not interrupted does to a volume.
 *
 * @param outcomes the pictures before and after it
 * @param before the picture before it
 * @param steps how many steps it has
 * @param background how many more come in the background when it was done
 * @param revisions those before it
 */
record CrashBaseline(
    Outcomes outcomes, Picture before, int steps, int background, List<Revision> revisions) {
  /** Returns the revisions that a volume had, of which a removed one has nothing any more. */
  List<Revision> had(Picture actual) {
    return actual.committed().isPresent() ? revisions : List.of();
  }

  /** Finds out, with two volumes of their own, which it removes. */
  static CrashBaseline of(Scenario scenario, CrashBench bench, CrashCase crash) {
    Volume untouched = bench.prepare("before");
    List<Revision> revisions = bench.revisions(untouched);
    Volume changed = bench.prepare("after");
    scenario.awaitBackground();
    scenario.probe().revive();
    scenario.waiting().await(crash.run(changed));
    int steps = scenario.probe().count();
    scenario.awaitBackground();
    int background = scenario.probe().count() - steps;
    scenario.reopen();
    Picture before = lastPicture(scenario, bench, "before");
    Picture after = lastPicture(scenario, bench, "after");
    boolean unpruned = crash.operation().commits();
    Outcomes outcomes =
        new Outcomes(scenario.rule(), before, after, unpruned, crash.mayLeaveNoSession());
    return new CrashBaseline(outcomes, before, steps, background, revisions);
  }

  private static Picture lastPicture(Scenario scenario, CrashBench bench, String name) {
    Volume volume = bench.declare(name);
    Picture picture = Picture.of(scenario, volume);
    bench.remove(volume);
    return picture;
  }
}

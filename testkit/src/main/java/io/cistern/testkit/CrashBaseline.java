package io.cistern.testkit;

import io.cistern.storage.Volume;

/**
 * What an operation that is not interrupted does to a volume.
 *
 * @param outcomes the pictures before and after it
 * @param before the picture before it
 * @param steps how many steps it has
 * @param highest the highest number of a revision before it
 */
record CrashBaseline(Outcomes outcomes, Picture before, int steps, long highest) {
  /** Returns the number below which none may be used again; a removed volume's are free. */
  long used(Picture actual) {
    return actual.committed().isPresent() ? highest : 0;
  }

  /** Finds out, with two volumes of their own, which it removes. */
  static CrashBaseline of(Scenario scenario, CrashBench bench, CrashCase crash) {
    Volume untouched = bench.prepare("before");
    long highest = crash.kind().saveOnStop() ? bench.highestRevision(untouched) : 0;
    Volume changed = bench.prepare("after");
    scenario.probe().revive();
    scenario.waiting().await(crash.run(changed));
    int steps = scenario.probe().count();
    scenario.reopen();
    Picture before = lastPicture(scenario, bench, "before");
    Picture after = lastPicture(scenario, bench, "after");
    Outcomes outcomes = new Outcomes(scenario.rule(), before, after);
    boolean prunes = crash.operation().commits();
    return new CrashBaseline(prunes ? outcomes.mayBeUnpruned() : outcomes, before, steps, highest);
  }

  private static Picture lastPicture(Scenario scenario, CrashBench bench, String name) {
    Volume volume = bench.declare(name);
    Picture picture = Picture.of(scenario, volume);
    bench.remove(volume);
    return picture;
  }
}

package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.util.HashMap;

/** Kills processes at steps of one operation, each time on a new volume, and looks at that. */
final class KillRun {
  private final Scenario scenario;
  private final CrashCase crash;
  private final CrashBench bench;
  private final CrashBaseline baseline;
  private int kills;
  private int asAfter;

  KillRun(Scenario scenario, CrashCase crash) {
    this.scenario = scenario;
    this.crash = crash;
    this.bench = new CrashBench(scenario, crash);
    this.baseline = CrashBaseline.of(scenario, bench, crash);
  }

  /** How many steps there are, if the process that does them has done others before. */
  int steps() {
    return baseline.steps();
  }

  /**
   * Kills a process before a step, counted from 1.
   *
   * @return false if it had done the operation, and was killed right after that
   */
  boolean killBefore(int step) throws IOException, InterruptedException {
    String name = "kill" + step;
    String reached;
    try (Victim victim = Victim.start()) {
      Volume volume = bench.prepare(name);
      scenario.close();
      reached =
          victim.killAt(
              new VictimOrder(
                  new HashMap<>(scenario.fixture().config().asMap()),
                  new HashMap<>(volume.config().asMap()),
                  crash,
                  step),
              this::assertOwned);
    }
    kills++;
    scenario.reopen();
    boolean done = reached.equals(VictimMain.DONE);
    check(name, "%s, killed at step %d: %s".formatted(crash, step, reached), done);
    return !done;
  }

  /** Rule 106: as long as the process lives, this one can't open the pool. */
  private void assertOwned(long pid) {
    assertThat(scenario.failureOfAnotherStorage())
        .as("106: while process %d has the pool", pid)
        .isInstanceOfSatisfying(
            StorageException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(StorageException.Code.LOCKED))
        .hasMessageContaining(Long.toString(pid));
  }

  private void check(String name, String where, boolean done) {
    Volume volume = bench.declare(name);
    Picture actual = Picture.of(scenario, volume);
    if (done) {
      baseline.outcomes().assertDone(where, actual);
      asAfter++;
    } else if (baseline.outcomes().assertEither(where, actual)) {
      asAfter++;
    }
    bench.assertSourceIsIntact(where);
    new Continuation(scenario).checkCommit(where, volume, actual, baseline.used(actual));
  }

  @Override
  public String toString() {
    return "%d steps, %d kills, %d as after".formatted(steps(), kills, asAfter);
  }
}

package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.DriverInfo;
import io.cistern.storage.Storage;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Kills processes at steps of one operation, each time on a new volume, and looks at that. */
final class KillRun {
  private static final int MOST_STEPS = 600;

  private final Scenario scenario;
  private final CrashCase crash;
  private final CrashBench bench;
  private final CrashBaseline baseline;
  private int different;
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

  /** Kills at each step, and when it was done. */
  void killAtEach() throws IOException, InterruptedException {
    int step = 1;
    while (killBefore(step)) {
      step++;
      if (step > MOST_STEPS) {
        throw new AssertionError("901: the operation has no end of steps: " + this);
      }
    }
  }

  /**
   * Kills at the last of all steps between which nothing changes, and when it was done; at each
   * step if the fixture can't tell what changes.
   */
  void killAtEachThatDiffers() throws IOException, InterruptedException {
    if (scenario.fixture().remains().isEmpty()) {
      killAtEach();
      return;
    }
    List<Map<String, String>> remains = observe();
    for (int step = 1; step < remains.size(); step++) {
      if (!remains.get(step).equals(remains.get(step - 1))) {
        different++;
        boolean unused = killBefore(step);
      }
    }
  }

  /** Returns what there is before each step, and when it was done; kills then. */
  private List<Map<String, String>> observe() throws IOException, InterruptedException {
    String name = "observed";
    List<Map<String, String>> remains;
    try (Victim victim = Victim.start()) {
      Volume volume = bench.prepare(name);
      scenario.close();
      remains =
          victim.observe(
              order(volume, VictimOrder.EACH_STEP),
              () -> scenario.fixture().remains().orElseThrow());
    }
    kills++;
    different++;
    reopen();
    check(name, "%s, killed when it was done".formatted(crash), true);
    return remains;
  }

  /**
   * Kills a process before a step, counted from 1.
   *
   * @return false if it had done the operation, and was killed right after that
   */
  boolean killBefore(int step) throws IOException, InterruptedException {
    String reached = kill("kill" + step, step, this::assertOwned);
    boolean done = reached.equals(VictimMain.DONE);
    check("kill" + step, "%s, killed at step %d: %s".formatted(crash, step, reached), done);
    return !done;
  }

  /** Kills a process so long after it has begun the operation, of which nobody knows the steps. */
  void killAfter(int millis) throws IOException, InterruptedException {
    String name = "after" + millis;
    String unused = kill(name, VictimOrder.NO_STEP, pid -> Thread.sleep(millis));
    check(name, "%s, killed %d ms after it began".formatted(crash, millis), false);
  }

  private String kill(String name, int step, Victim.LastMoment lastMoment)
      throws IOException, InterruptedException {
    String reached;
    try (Victim victim = Victim.start()) {
      Volume volume = bench.prepare(name);
      scenario.close();
      reached = victim.killAt(order(volume, step), lastMoment);
    }
    kills++;
    reopen();
    return reached;
  }

  /** Rule 106: the lock of a dead process does not stand in the way. */
  private void reopen() {
    try {
      scenario.reopen();
    } catch (AssertionError e) {
      throw new AssertionError(
          "106: the pool of a process that was killed can't be opened: " + e.getMessage(), e);
    }
  }

  private VictimOrder order(Volume volume, int step) {
    return new VictimOrder(
        new ArrayList<>(drivers()),
        new HashMap<>(scenario.fixture().config().asMap()),
        new HashMap<>(volume.config().asMap()),
        crash,
        step);
  }

  /** The other process makes those for itself that it would not find. */
  private List<String> drivers() {
    try (Storage storage = Storage.builder().build()) {
      Set<String> found =
          storage.drivers().stream().map(DriverInfo::name).collect(Collectors.toSet());
      return scenario.fixture().drivers().stream()
          .filter(driver -> !found.contains(driver.name()))
          .map(driver -> driver.getClass().getName())
          .toList();
    }
  }

  /** Rule 106: as long as the process lives, this one can't open the pool. */
  private void assertOwned(long pid) {
    assertThat(failureOfAnother(pid))
        .as("106: while process %d has the pool", pid)
        .isInstanceOfSatisfying(
            StorageException.class,
            refusal -> assertThat(refusal.code()).isEqualTo(StorageException.Code.LOCKED))
        .hasMessageContaining(Long.toString(pid));
  }

  private Throwable failureOfAnother(long pid) {
    try {
      return scenario.failureOfAnotherStorage();
    } catch (AssertionError e) {
      throw new AssertionError(
          "106: process %d has the pool: %s".formatted(pid, e.getMessage()), e);
    }
  }

  private void check(String name, String where, boolean done) {
    Volume volume = bench.declare(name);
    Picture actual = Picture.of(scenario, volume);
    asAfter += baseline.outcomes().assertOutcome(where, actual, done) ? 1 : 0;
    bench.assertSourceIsIntact(where);
    new Continuation(scenario).checkCommit(where, volume, actual, baseline.used(actual));
  }

  @Override
  public String toString() {
    if (steps() == 0) {
      return "no steps are told: %d kills at some instant or at the end, %d as after"
          .formatted(kills, asAfter);
    }
    String found = different == 0 ? "" : ", of which %d differ".formatted(different);
    return "%d steps%s, %d kills, %d as after".formatted(steps(), found, kills, asAfter);
  }
}

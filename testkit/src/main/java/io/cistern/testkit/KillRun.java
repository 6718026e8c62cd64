package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.testkit.VictimOrder.Halt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Kills processes at steps of one operation, each time on a new volume, and looks at that. */
final class KillRun {
  private static final int MOST_STEPS = 600;
  private static final int MOST_TRIES = 3;

  private final Scenario scenario;
  private final CrashCase crash;
  private final CrashBench bench;
  private final CrashBaseline baseline;
  private int observed;
  private int different;
  private int strayed;
  private int kills;
  private int asAfter;
  private int inBackground;

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

  /** How many more come in the background when it was done. */
  int stepsInBackground() {
    return baseline.background();
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
    List<Moment> moments = observe();
    observed = moments.size() - 1;
    different = 1;
    for (int step = 1; step < moments.size(); step++) {
      Moment last = moments.get(step - 1);
      if (!last.remains.equals(moments.get(step).remains)) {
        different++;
        killAt(step, last.step);
      }
    }
  }

  /** Tries again if work in the background has brought another step there. */
  private void killAt(int step, String expected) throws IOException, InterruptedException {
    String reached = "";
    for (int i = 0; i < MOST_TRIES && !reached.equals(expected); i++) {
      reached = VictimMain.withoutDetail(killAt(step));
    }
    strayed += reached.equals(expected) ? 0 : 1;
  }

  /** What there is when a process stands before a step, or has done the operation. */
  private record Moment(String step, Map<String, String> remains) {}

  /** Finds out what there is before each step, and when it was done; kills then. */
  private List<Moment> observe() throws IOException, InterruptedException {
    String name = "observed";
    Surroundings surroundings = Surroundings.of(scenario);
    List<Moment> moments;
    try (Victim victim = startVictim()) {
      Volume volume = bench.prepare(name);
      scenario.close();
      moments = victim.observe(order(volume, Halt.EACH_STEP), this::look);
    }
    kills++;
    reopen();
    check(name, "%s, killed when it was done".formatted(crash), true, surroundings);
    return moments;
  }

  private Moment look(String said) throws IOException {
    return new Moment(
        VictimMain.withoutDetail(said), scenario.fixture().remains().orElse(Map.of()));
  }

  /** Kills a process when it was done. */
  void killAtTheEnd() throws IOException, InterruptedException {
    String unused = killAt(Integer.MAX_VALUE);
  }

  /**
   * Kills a process before a step, counted from 1.
   *
   * @return false if it had done the operation, and was killed right after that
   */
  boolean killBefore(int step) throws IOException, InterruptedException {
    return !killAt(step).equals(VictimMain.DONE);
  }

  /** The same; tells where it was killed. */
  private String killAt(int step) throws IOException, InterruptedException {
    String name = "kill" + step;
    Killed killed = kill(name, Halt.before(step), this::assertOwned);
    boolean done = killed.reached.equals(VictimMain.DONE);
    String where = "%s, killed at step %d: %s".formatted(crash, step, killed.reached);
    check(name, where, done, killed.surroundings);
    return killed.reached;
  }

  /** Kills a process that has done the operation before a step that comes in the background. */
  void killInBackground(int step) throws IOException, InterruptedException {
    String name = "late" + step;
    Killed killed = kill(name, Halt.inBackground(step), this::assertOwned);
    boolean missed = killed.reached.equals(VictimMain.DONE);
    inBackground += missed ? 0 : 1;
    strayed += missed ? 1 : 0;
    String where =
        "%s, killed when it was done, at step %d in the background: %s"
            .formatted(crash, step, killed.reached);
    check(name, where, true, killed.surroundings);
  }

  /** How long the operation takes in this process, which has done others. */
  long millisUndisturbed() {
    Volume volume = bench.prepare("timed");
    long begun = System.nanoTime();
    scenario.waiting().await(crash.run(volume));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    scenario.reopen();
    bench.remove(bench.declare("timed"));
    return millis;
  }

  /** Kills a process so long after it has begun the operation, of which nobody knows the steps. */
  void killAfter(long millis) throws IOException, InterruptedException {
    String name = "after" + millis;
    Killed killed = kill(name, Halt.NEVER, pid -> Thread.sleep(millis));
    String where = "%s, killed %d ms after it began".formatted(crash, millis);
    check(name, where, false, killed.surroundings);
  }

  /** Where a process was killed, and what there was before it, without its volume. */
  private record Killed(String reached, Surroundings surroundings) {}

  private Killed kill(String name, Halt halt, Victim.LastMoment lastMoment)
      throws IOException, InterruptedException {
    Surroundings surroundings = Surroundings.of(scenario);
    String reached;
    try (Victim victim = startVictim()) {
      Volume volume = bench.prepare(name);
      scenario.close();
      reached = victim.killAt(order(volume, halt), lastMoment);
    }
    kills++;
    reopen();
    return new Killed(reached, surroundings);
  }

  private Victim startVictim() throws IOException {
    return Victim.start(scenario.fixture().patience());
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

  private VictimOrder order(Volume volume, Halt halt) {
    return new VictimOrder(
        new ArrayList<>(DriverClasses.of(scenario.fixture())),
        new HashMap<>(scenario.fixture().config().asMap()),
        new HashMap<>(volume.config().asMap()),
        crash,
        halt);
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

  private void check(String name, String where, boolean done, Surroundings surroundings) {
    Volume volume = bench.declare(name);
    surroundings.assertNothingElseIsListed(where, volume);
    Picture actual = Picture.of(scenario, volume);
    asAfter += baseline.outcomes().assertOutcome(where, actual, done) ? 1 : 0;
    bench.assertSourceIsIntact(where);
    new Continuation(scenario).checkCommit(where, volume, actual, baseline.had(actual));
    surroundings.assertSame(where);
  }

  @Override
  public String toString() {
    String later =
        inBackground == 0 ? "" : ", %d of them in the background".formatted(inBackground);
    String missed = strayed == 0 ? "" : ", %d not where they were to be".formatted(strayed);
    String came = "%d kills%s, %d as after%s".formatted(kills, later, asAfter, missed);
    if (steps() == 0) {
      return scenario.withoutSteps() + ": at some instant or at the end, " + came;
    }
    if (different == 0) {
      return "%d steps, %s".formatted(steps(), came);
    }
    return "%d steps, between which there is %d times something else, %s"
        .formatted(observed, different, came);
  }
}

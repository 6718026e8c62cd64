package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture.Filling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;

/** Fills the pool up at each step of one operation in turn, each time with a new volume. */
final class FullRun {
  /** Filling takes long on a file system: so many times for an operation, unless thorough. */
  private static final int SELECTED = 8;

  private static final String IN_FULL = "in the full pool";

  private final Scenario scenario;
  private final CrashCase crash;
  private final Filling filling;
  private final FaultAftermath aftermath;
  private int fillings;
  private int refusals;

  FullRun(Scenario scenario, CrashCase crash, Filling filling, LeakCheck leaks) {
    this.scenario = scenario;
    this.crash = crash;
    this.filling = filling;
    this.aftermath = new FaultAftermath(scenario, crash, leaks);
  }

  /**
   * Goes on until the operation ends before the pool would be filled; without steps, the pool is
   * full before it begins.
   */
  void run() {
    if (aftermath.steps() == 0) {
      fillAt(0);
      return;
    }
    StepsToTry.of(scenario, crash, aftermath.steps(), SELECTED).forEach(this::fillAt);
  }

  /** Fills the pool before one of many steps. */
  private final class Filler {
    private final int target;
    private int count;
    private String where = "not reached";
    private boolean isFull;
    private AutoCloseable full = () -> {};

    Filler(int target) {
      this.target = target;
    }

    synchronized void before(Step step) {
      count++;
      if (count == target) {
        fill(step.toString());
      }
    }

    synchronized void fill(String when) {
      where = when;
      isFull = true;
      try {
        full = filling.fill();
      } catch (IOException e) {
        throw new UncheckedIOException("the pool can't be filled", e);
      }
    }

    synchronized boolean isFull() {
      return isFull;
    }

    synchronized String where() {
      return where;
    }

    synchronized void giveBack() {
      try {
        full.close();
      } catch (Exception e) {
        throw new AssertionError("the pool can't be emptied again", e);
      }
    }
  }

  /** Returns false if the operation has ended before that step. */
  private boolean fillAt(int step) {
    String name = "full" + step;
    Volume volume = aftermath.bench().prepare(name);
    Volume other = started().prepare("other");
    Filler filler = new Filler(step);
    scenario.awaitBackground();
    scenario.probe().doBeforeEach(filler::before);
    if (step == 0) {
      filler.fill("before it begins");
    }
    CompletableFuture<?> first = crash.run(volume);
    scenario.waiting().awaitEnd(first);
    if (!filler.isFull()) {
      scenario.awaitBackground();
    }
    scenario.probe().revive();
    boolean isFull = filler.isFull();
    String where = "%s, full at step %d (%s)".formatted(crash, step, filler.where());
    boolean refused = first.isCompletedExceptionally();
    try {
      if (refused) {
        checkRefusal(where, first, volume, isFull);
      }
      scenario.check(where, IN_FULL, () -> Questions.ask(scenario, volume));
      scenario.check(where, IN_FULL, () -> freeSpace(other));
    } finally {
      filler.giveBack();
    }
    if (refused) {
      aftermath.checkFailed(where, name, volume);
    } else {
      aftermath.checkDone(where, name, volume);
    }
    fillings += isFull ? 1 : 0;
    refusals += refused ? 1 : 0;
    return isFull;
  }

  /** What needs no space is not refused, and what needs some says that it is that. */
  private void checkRefusal(
      String where, CompletableFuture<?> first, Volume volume, boolean isFull) {
    if (!isFull || crash.operation().freesSpace()) {
      scenario.check(where, IN_FULL, () -> scenario.waiting().await(first));
    }
    Explanation.assertTellsThatItIsFull(
        scenario.rule(), where, scenario.waiting().failureOf(first), volume);
  }

  private CrashBench started() {
    return new CrashBench(scenario, new CrashCase(CrashOperation.DISCARD, VolumeKind.ORIGIN));
  }

  private void freeSpace(Volume other) {
    Waiting waiting = scenario.waiting();
    waiting.await(other.stop(StopMode.DISCARD));
    if (scenario.can(Capability.REVISIONS)) {
      RevisionId oldest = waiting.await(other.revisions()).get(0).id();
      waiting.await(other.removeRevision(oldest));
    }
    waiting.await(other.remove());
  }

  @Override
  public String toString() {
    if (aftermath.steps() == 0) {
      return "%s: full before it began, %d refused, %d done"
          .formatted(scenario.withoutSteps(), refusals, fillings - refusals);
    }
    return "%d steps, full at %d, %d refused, %d done"
        .formatted(aftermath.steps(), fillings, refusals, fillings - refusals);
  }
}

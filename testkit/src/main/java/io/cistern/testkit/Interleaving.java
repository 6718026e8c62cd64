package io.cistern.testkit;

import io.cistern.storage.spi.Step;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/** Repeats an operation, and has another one overtake it one step later each time. */
final class Interleaving {
  private static final int MOST_STEPS = 600;

  /** A driver may have a lock that the other one waits for; then it comes after all. */
  private static final Patience PATIENCE = new Patience(500);

  /** Two operations, on what is new for them. */
  record Pair(
      Supplier<? extends CompletableFuture<?>> slow,
      Supplier<? extends CompletableFuture<?>> fast,
      Check check) {}

  /** What has to hold once both are done; the fast one has succeeded. */
  interface Check {
    void run(String where, CompletableFuture<?> slow);
  }

  /** Makes what a pair of operations is about. */
  interface Preparation {
    Pair prepare(String name);
  }

  private final Scenario scenario;
  private final CrashReport report;
  private long patienceMillis;
  private int reached;
  private int overtaken;

  Interleaving(Scenario scenario, CrashReport report) {
    this.scenario = scenario;
    this.report = report;
  }

  /** What is done is listed in the report, with how often one was really overtaken. */
  void atEachStep(Preparation preparation) {
    overtakeAtEach(preparation);
    report.note(
        "%s: overtaken at %d steps, at %d of them before it went on"
            .formatted(scenario.rule(), reached, overtaken));
  }

  private void overtakeAtEach(Preparation preparation) {
    scenario.probe().revive();
    Pair first = preparation.prepare("count");
    boolean hasSteps = scenario.probe().count() > 0;
    int steps = count(first);
    Assumptions.assumeTrue(hasSteps, "skipped, the driver reports no steps");
    if (steps == 0) {
      // A question whose answer is known already.
      return;
    }
    int tried = Math.max(1, scenario.fixture().stepsToTry());
    int stride = 1 + (steps - 1) / tried;
    int begin = 1 + Math.floorMod(scenario.rule().hashCode(), stride);
    for (int step = begin; step < MOST_STEPS; step += stride) {
      if (!overtakeAt(step, preparation.prepare("step" + step))) {
        return;
      }
    }
    throw new AssertionError(scenario.rule() + ": the operation that is overtaken does not end");
  }

  private int count(Pair pair) {
    scenario.probe().revive();
    CompletableFuture<?> slow = pair.slow().get();
    scenario.waiting().awaitEnd(slow);
    int steps = scenario.probe().count();
    patienceMillis =
        PATIENCE.of(
            () -> scenario.waiting().await(pair.fast().get()), scenario.fixture().patience());
    pair.check().run(scenario.rule() + ": one after the other", slow);
    return steps;
  }

  /** Returns whether there was such a step. */
  private boolean overtakeAt(int step, Pair pair) {
    Race race = new Race(step, pair.fast());
    scenario.probe().doBeforeEach(race::before);
    CompletableFuture<?> slow = pair.slow().get();
    scenario.waiting().awaitEnd(slow);
    scenario.probe().revive();
    Optional<Step> at = race.overtakenAt();
    reached += at.isPresent() ? 1 : 0;
    overtaken += race.isOvertaken() ? 1 : 0;
    scenario.waiting().await(race.fast());
    pair.check()
        .run(
            "%s: overtaken at step %d (%s)"
                .formatted(scenario.rule(), step, at.map(Step::toString).orElse("its end")),
            slow);
    return at.isPresent();
  }

  /** Begins the fast one before a step of the slow one. */
  private final class Race {
    private final int target;
    private final Supplier<? extends CompletableFuture<?>> start;
    private int count;
    private Optional<Step> at = Optional.empty();
    private boolean overtaken;
    private Optional<CompletableFuture<?>> fast = Optional.empty();

    Race(int target, Supplier<? extends CompletableFuture<?>> start) {
      this.target = target;
      this.start = start;
    }

    void before(Step step) {
      if (next(step)) {
        // If it takes longer, it is waited for later; whether it has succeeded is seen then.
        noteOvertaken(scenario.waiting().endsWithin(fast(), patienceMillis));
      }
    }

    private synchronized void noteOvertaken(boolean value) {
      overtaken = value;
    }

    synchronized boolean isOvertaken() {
      return overtaken;
    }

    private synchronized boolean next(Step step) {
      boolean reached = ++count == target;
      if (reached) {
        at = Optional.of(step);
      }
      return reached;
    }

    synchronized Optional<Step> overtakenAt() {
      return at;
    }

    /** Returns what the fast one gives; begins it, if it was not. */
    synchronized CompletableFuture<?> fast() {
      if (fast.isEmpty()) {
        fast = Optional.of(start.get());
      }
      return fast.get();
    }
  }
}

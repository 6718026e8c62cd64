package io.cistern.testkit;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.Step;
import io.cistern.testkit.PoolFixture.Hanging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets each command of one operation hang in turn, each time on a new volume. */
final class HangRun {
  private final Scenario scenario;
  private final CrashCase crash;
  private final PointOfNoReturn switched;
  private final LeakCheck leaks;
  private int steps;
  private int commands;

  /** How many of them come before the operation is reported done. */
  private int foreground;

  private int hung;
  private int failures;
  private int closed;

  /** How long what comes in the background after the operation may take. */
  private long settlingMillis;

  HangRun(Scenario scenario, CrashCase crash, PointOfNoReturn switched, LeakCheck leaks) {
    this.scenario = scenario;
    this.crash = crash;
    this.switched = switched;
    this.leaks = leaks;
  }

  /** Goes on until there is no command left; does nothing if the driver runs none. */
  void run() {
    count();
    if (commands == 0) {
      return;
    }
    Hanging hanging = Abilities.need(scenario.fixture().hanging(), "let a command hang");
    FaultAftermath aftermath = new FaultAftermath(scenario, crash, leaks);
    StepsToTry chosen = StepsToTry.of(scenario, crash, foreground, Integer.MAX_VALUE);
    if (foreground > 0) {
      chosen.forEach(command -> hangAt(command, aftermath, hanging));
    }
    // If none was left out, it has gone on with those in the background.
    if (foreground == 0 || chosen.stride() > 1) {
      hangInBackground(aftermath, hanging);
    }
    closeMeanwhile(aftermath, hanging);
  }

  /** There are not always as many of those. */
  private void hangInBackground(FaultAftermath aftermath, Hanging hanging) {
    int background = commands - foreground;
    int stride = StepsToTry.of(scenario, crash, background, Integer.MAX_VALUE).stride();
    for (int command = 1; command <= background; command += stride) {
      boolean unused = hangAt(foreground + command, aftermath, hanging);
    }
  }

  private void count() {
    CrashBench bench = new CrashBench(scenario, crash);
    Volume volume = bench.prepare("count");
    scenario.awaitBackground();
    scenario.probe().doBeforeEach(this::hear);
    scenario.waiting().await(crash.run(volume));
    foreground = commandsHeard();
    long ended = System.nanoTime();
    scenario.awaitBackground();
    settlingMillis = 1000 + 3 * TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ended);
    scenario.probe().revive();
    bench.remove(volume);
  }

  private synchronized void hear(Step step) {
    steps++;
    commands += step.kind() == Step.Kind.COMMAND ? 1 : 0;
  }

  private synchronized int commandsHeard() {
    return commands;
  }

  /** Has one of many commands hang, and knows which it was. */
  private static final class Hanger {
    private final Hanging hanging;
    private final CompletableFuture<Step> reached = new CompletableFuture<>();
    private int left;
    private int step;

    Hanger(Hanging hanging, int command) {
      this.hanging = hanging;
      this.left = command;
    }

    synchronized void before(Step next) {
      step += reached.isDone() ? 0 : 1;
      if (next.kind() == Step.Kind.COMMAND && --left == 0) {
        reached.complete(next);
        try {
          hanging.hangNext();
        } catch (IOException e) {
          throw new UncheckedIOException("no command can be made to hang", e);
        }
      }
    }

    /** Completes with what hangs. */
    CompletableFuture<Step> reached() {
      return reached;
    }

    /** Which step of the operation hangs, counted from 1. */
    synchronized int step() {
      return step;
    }

    /** Returns what hangs; from now on, nothing else does. */
    synchronized Optional<Step> end() {
      left = 0;
      return Optional.ofNullable(reached.getNow(null));
    }

    void letGo() {
      try {
        hanging.letGo();
      } catch (IOException e) {
        throw new UncheckedIOException("what hangs does not go on", e);
      }
    }
  }

  /** Returns false if the operation has ended before that command. */
  private boolean hangAt(int command, FaultAftermath aftermath, Hanging hanging) {
    String name = "hang" + command;
    Volume volume = aftermath.bench().prepare(name);
    Volume other = other(name);
    scenario.awaitBackground();
    Hanger hanger = new Hanger(hanging, command);
    CompletableFuture<?> first = operate(volume, hanger);
    boolean isMeanwhile = hanger.reached().isDone();
    Optional<Step> reached = settled(hanger);
    String where = where(command, reached);
    try {
      if (isMeanwhile && !first.isCompletedExceptionally()) {
        switched.assertMayBeDoneWithout(where, hanger.step());
      }
      if (reached.isPresent()) {
        checkMeanwhile(where, first, volume, other, hanging);
      }
    } finally {
      hanger.letGo();
      scenario.probe().revive();
    }
    awaitReady();
    checkUnchanged(other);
    hung += reached.isPresent() ? 1 : 0;
    if (reached.isPresent() && first.isCompletedExceptionally()) {
      failures++;
      aftermath.checkFailed(where, name, volume);
    } else {
      scenario.waiting().await(first);
      aftermath.checkDone(where, name, volume);
    }
    return reached.isPresent();
  }

  /**
   * What hangs may come in the background, which nobody can wait for that does not know whether it
   * hangs.
   */
  private Optional<Step> settled(Hanger hanger) {
    boolean unused = scenario.waiting().endsWithin(hanger.reached(), settlingMillis);
    return hanger.end();
  }

  /** The first command hangs, and the pool is closed before it has ended. */
  private void closeMeanwhile(FaultAftermath aftermath, Hanging hanging) {
    String name = "closed";
    Volume volume = aftermath.bench().prepare(name);
    Hanger hanger = new Hanger(hanging, 1);
    CompletableFuture<?> unused = operate(volume, hanger);
    Optional<Step> reached = settled(hanger);
    String where = where(1, reached) + ", closed meanwhile";
    try {
      if (reached.isPresent()) {
        long process = process(where, hanging);
        scenario.close();
        assertRunning(where, process, hanging);
        closed++;
      } else if (foreground > 0) {
        throw new AssertionError("1005: %s, no command hangs".formatted(where));
      }
    } finally {
      hanger.letGo();
      scenario.probe().revive();
    }
    scenario.reopen();
    aftermath.checkReopened(where, name);
  }

  private CompletableFuture<?> operate(Volume volume, Hanger hanger) {
    scenario.probe().doBeforeEach(hanger::before);
    CompletableFuture<?> first = crash.run(volume);
    scenario.waiting().awaitEnd(first);
    return first;
  }

  private void checkMeanwhile(
      String where, CompletableFuture<?> first, Volume volume, Volume other, Hanging hanging) {
    long process = process(where, hanging);
    if (first.isCompletedExceptionally()) {
      // Refused if it hangs because of what goes on in the background.
      assertTellsOf(process, where, first, volume, EnumSet.of(Code.IO, Code.POOL_NOT_READY));
    }
    Set<Code> refused = EnumSet.of(Code.POOL_NOT_READY);
    assertTellsOf(process, where + ", a start", other.start(), other, refused);
    assertTellsOf(process, where + ", a removal", other.remove(), other, refused);
    Volume fresh = scenario.pool().volume(config("new"));
    assertTellsOf(process, where + ", a creation", fresh.create(), fresh, refused);
    Questions.ask(scenario, volume);
    if (scenario.waiting().await(scenario.pool().info()).isReady()) {
      throw new AssertionError("1005: %s, the pool says that it is ready".formatted(where));
    }
    assertRunning(where, process, hanging);
  }

  private long process(String where, Hanging hanging) {
    AtomicLong process = new AtomicLong();
    scenario
        .waiting()
        .until(
            where + ": that it hangs",
            () -> {
              hanging.process().ifPresent(process::set);
              return process.get() != 0;
            });
    return process.get();
  }

  private static void assertRunning(String where, long process, Hanging hanging) {
    if (hanging.process().orElse(-1) != process) {
      throw new AssertionError(
          "1005: %s, process %d does not run any more".formatted(where, process));
    }
  }

  private void assertTellsOf(
      long process, String where, CompletableFuture<?> call, Volume volume, Set<Code> codes) {
    Throwable failure = scenario.waiting().failureOf(call);
    if (failure instanceof StorageException told
        && codes.contains(told.code())
        && String.valueOf(told.getMessage()).contains(volume.id().toString())
        && String.valueOf(told.getMessage()).matches("(?s).*\\b%d\\b.*".formatted(process))) {
      Explanation.assertHelps("1005: " + where, told);
      return;
    }
    throw new AssertionError(
        "1005: %s, the failure does not tell of %s and process %d with one of %s: %s"
            .formatted(where, volume, process, codes, failure),
        failure);
  }

  private Volume other(String name) {
    Volume other = scenario.pool().volume(config(name + "-other"));
    scenario.waiting().await(other.create());
    return other;
  }

  private static VolumeConfig config(String name) {
    return VolumeConfig.origin(CrashCase.VM, name).size(CrashCase.SIZE).build();
  }

  private void awaitReady() {
    Waiting waiting = scenario.waiting();
    waiting.until(
        "the pool to be ready when nothing hangs any more",
        () -> waiting.await(scenario.pool().info()).isReady());
  }

  /** What was refused has changed nothing, and works now. */
  private void checkUnchanged(Volume other) {
    Waiting waiting = scenario.waiting();
    waiting.await(other.start());
    waiting.await(other.stop());
    waiting.await(other.remove());
  }

  private String where(int command, Optional<Step> reached) {
    return "%s, hanging in command %d (%s)"
        .formatted(crash, command, reached.map(Step::toString).orElse("not reached"));
  }

  @Override
  public String toString() {
    if (steps == 0) {
      return scenario.withoutSteps() + ": nobody knows of commands";
    }
    return commands == 0
        ? "%d steps, no commands: nothing can hang".formatted(steps)
        : "%d steps, %d commands, %d hung, %d failures, %d done all the same, %d closed meanwhile"
            .formatted(steps, commands, hung, failures, hung - failures, closed);
  }
}

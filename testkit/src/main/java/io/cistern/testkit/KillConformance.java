package io.cistern.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rule 901 with real processes: another JVM does an operation, is killed with SIGKILL before one of
 * its steps, and this one opens the pool again; before the kill it must be refused (rule 106).
 *
 * <p>The other JVM has the same class path, finds the driver with {@link java.util.ServiceLoader},
 * or makes one of the fixture's by its public constructor without parameters, and gets nothing but
 * the fixture's configuration. It takes half a second to start: so it is killed once for all steps
 * between which nothing changes, if the fixture can tell ({@link PoolFixture#remains}), and right
 * after the operation was reported done; and that in some of the operations, other ones for each
 * class. Where the fixture's {@link PoolFixture#stepsToTry()} leaves steps out, it is killed at one
 * step, another one for each operation, and at the end. Of what comes in the background after that,
 * it is killed at each step, or at one.
 *
 * <p>{@code -Dcistern.test.thorough=true} kills in each operation on each kind of volume, {@code
 * -Dcistern.test.crash='stop of .*'} in those. {@code -Dcistern.test.eachkill=true} in a thorough
 * run kills at each step, whatever the fixture tells. What was killed is listed in {@code
 * target/crash-reports}. A driver that tells of no steps is killed at some instants instead, and
 * the list says so.
 *
 * <p>After each kill the volume is compared, is used and removed; then there is nothing left that
 * was not there before (rule 904).
 */
public abstract class KillConformance {
  /** Whether to kill at each step, though the fixture tells that some leave the same. */
  private static final boolean EACH_STEP = Boolean.getBoolean("cistern.test.eachkill");

  private static final int SELECTED = 8;

  /**
   * When an operation is killed that tells of no steps, as parts of the time that it takes a
   * process that has done others before; a new one takes longer.
   */
  private static final List<Double> INSTANTS = List.of(0.0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0);

  /** Allows subclasses. */
  protected KillConformance() {}

  /**
   * Makes a fresh, empty place; called for each operation on each kind.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  protected abstract PoolFixture newPool() throws Exception;

  /**
   * Tells whether an operation may be among those that are killed where there is not the time for
   * all. Yes, unless overridden for a place where each takes long, such as an emulated machine.
   *
   * @param operation such as {@code "stop of origin"}
   */
  protected boolean isSelected(String operation) {
    return true;
  }

  /**
   * Tells whether an operation is killed at all, for places where all would take too long whatever
   * the time. Not asked if certain operations are asked for, with {@code -Dcistern.test.crash}.
   *
   * @param operation such as {@code "stop of origin"}
   * @return true unless overridden
   */
  protected boolean isTried(String operation) {
    return true;
  }

  @TestFactory
  @Rule({106, 901, 904})
  final Stream<DynamicTest> rule901_aProcessKilledAtAnyStepLeavesBeforeOrAfter() throws Exception {
    CrashReport report = new CrashReport(getClass(), "kills");
    List<CrashCase> all = cases();
    boolean thorough = CrashCase.THOROUGH;
    int stride = thorough || CrashCase.areAskedFor() ? 1 : Math.max(1, all.size() / SELECTED);
    // Other classes, of other storage, kill other ones.
    int first = Math.floorMod(getClass().getSimpleName().hashCode(), stride);
    int[] chosen = IntStream.iterate(first, i -> i < all.size(), i -> i + stride).toArray();
    return IntStream.range(0, chosen.length)
        .mapToObj(
            i -> {
              CrashCase crash = all.get(chosen[i]);
              // Each somewhere else on its way, none before it or at its end.
              double where = (i + 0.5) / chosen.length;
              return DynamicTest.dynamicTest(
                  crash.toString(),
                  () -> report.watch(crash.toString(), () -> run(crash, where, report)));
            });
  }

  private void run(CrashCase crash, double where, CrashReport report) throws Exception {
    long start = System.nanoTime();
    try (PoolFixture fixture = newPool()) {
      LeakCheck leaks = new LeakCheck(fixture, "904");
      try (Scenario scenario = new Scenario(fixture, "901")) {
        KillRun run = new KillRun(scenario, crash);
        kill(run, where, fixture.stepsToTry() == Integer.MAX_VALUE);
        scenario.tidyUp();
        leaks.check(false);
        report.add(crash.toString(), run, Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }

  /**
   * Kills at all steps, or at one and at the end.
   *
   * @param where how much of the operation is done at that step, from 0 to 1
   */
  private static void kill(KillRun run, double where, boolean thereIsTime)
      throws IOException, InterruptedException {
    if (run.steps() == 0) {
      killFromOutside(run, where);
    } else if (CrashCase.THOROUGH && EACH_STEP) {
      run.killAtEach();
    } else if (CrashCase.THOROUGH || thereIsTime) {
      run.killAtEachThatDiffers();
    } else {
      killOnItsWay(run, 1 + (int) (where * run.steps()));
      run.killAtTheEnd();
    }
    killInBackground(run, where, CrashCase.THOROUGH || thereIsTime);
  }

  private static void killInBackground(KillRun run, double where, boolean thereIsTime)
      throws IOException, InterruptedException {
    int steps = run.stepsInBackground();
    if (thereIsTime) {
      for (int step = 1; step <= steps; step++) {
        run.killInBackground(step);
      }
    } else if (steps > 0) {
      run.killInBackground(1 + (int) (where * steps));
    }
  }

  /** Another process may have fewer steps to do, since it has done nothing before. */
  private static void killOnItsWay(KillRun run, int step) throws IOException, InterruptedException {
    int tried = step;
    while (!run.killBefore(tried)) {
      if (tried == 1) {
        throw new AssertionError("901: the process does nothing that it tells of: " + run);
      }
      tried = tried / 2;
    }
  }

  /** Kills at some instants, since nobody knows of steps, and right after it was reported done. */
  private static void killFromOutside(KillRun run, double where)
      throws IOException, InterruptedException {
    long undisturbed = run.millisUndisturbed();
    int chosen = (int) (where * INSTANTS.size());
    for (double part : CrashCase.THOROUGH ? INSTANTS : INSTANTS.subList(chosen, chosen + 1)) {
      run.killAfter(Math.round(part * undisturbed));
    }
    run.killAtTheEnd();
  }

  private List<CrashCase> cases() throws Exception {
    try (PoolFixture fixture = newPool()) {
      return CrashCase.tried(
          CrashCase.selected(fixture.capabilities(), crash -> isSelected(crash.toString())),
          this::isTried);
    }
  }
}

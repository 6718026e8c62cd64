package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.StorageException;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.CrashOperation.Beginning;
import io.cistern.testkit.FaultBaseline.Looks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is to hold of a volume whose operation was disturbed, when nothing disturbs any more. */
final class FaultAftermath {
  private final Scenario scenario;
  private final CrashCase crash;
  private final LeakCheck leaks;
  private final CrashBench bench;
  private final FaultBaseline baseline;
  private int failures;

  FaultAftermath(Scenario scenario, CrashCase crash, LeakCheck leaks) {
    this.scenario = scenario;
    this.crash = crash;
    this.leaks = leaks;
    this.bench = new CrashBench(scenario, crash);
    this.baseline = FaultBaseline.of(scenario, bench, crash);
    if (steps() == 0 && scenario.probe().everTold() && crash.operation().hasSwitch()) {
      throw new AssertionError(
          "%s: the driver tells of the steps of other operations, and of none of a %s"
              .formatted(scenario.rule(), crash));
    }
  }

  CrashBench bench() {
    return bench;
  }

  /** How many steps the operation has if nothing disturbs it. */
  int steps() {
    return baseline.steps();
  }

  /** At once and after the pool was opened again, the volume is as it is after the operation. */
  void checkDone(String where, String name, Volume volume) {
    check(where, name, volume, List.of(baseline.after()));
  }

  /**
   * It is as before or as after, with a session if there was one then; the operation, repeated,
   * works or says that it is done. Every other time nobody repeats it, and what is on the disk has
   * to be enough for a process that knows nothing of the failure.
   */
  void checkFailed(String where, String name, Volume volume) {
    failures++;
    if (failures % 2 == 0) {
      scenario.close();
      leaks.checkProcess(where);
      scenario.reopen();
      checkReopened(where + ", it failed, and", name);
      return;
    }
    boolean hasSession = hasSession(volume);
    Picture contents = Picture.ofContents(scenario, volume);
    List<Looks> alike =
        Stream.of(baseline.before(), baseline.after())
            .filter(
                looks ->
                    looks.live().session().isPresent() == hasSession || crash.mayLeaveNoSession())
            .toList();
    assertOneOf(
        "%s, it failed, and %s session, and".formatted(where, hasSession ? "there is a" : "no"),
        contents,
        alike,
        looks -> looks.live().contents());
    check(
        where + ", repeated",
        name,
        volume,
        repeat(where, volume, baseline.repeatedAfter(contents)));
  }

  /**
   * A start that failed has left no session, or has ended it again; one that was to go on with a
   * crashed session has left that as it was (rule 312).
   */
  void checkNotStarted(String where, Volume volume) {
    if (!crash.operation().starts()) {
      return;
    }
    VolumeState state = scenario.waiting().await(volume.state());
    boolean wasCrashed = crash.operation().beginning() == Beginning.CRASHED;
    boolean asItWas = state == (wasCrashed ? VolumeState.CRASHED : VolumeState.STOPPED);
    boolean isBetween = crash.mayLeaveNoSession() && state == VolumeState.STOPPED;
    if (!asItWas && !isBetween) {
      throw new AssertionError(
          "312: %s, it failed, and the volume is %s now".formatted(where, state));
    }
  }

  private boolean hasSession(Volume volume) {
    return scenario.waiting().await(volume.state()) != VolumeState.STOPPED;
  }

  /** Does what failed again, and returns what may have come of that. */
  private List<Looks> repeat(String where, Volume volume, List<Looks> expected) {
    CompletableFuture<?> second = crash.run(volume);
    scenario.waiting().awaitEnd(second);
    if (!second.isCompletedExceptionally()) {
      return expected;
    }
    Throwable failure = scenario.waiting().failureOf(second);
    if (expected.contains(baseline.twice())
        && failure instanceof StorageException refusal
        && baseline.refusal().equals(Optional.of(refusal.code()))) {
      return List.of(baseline.after());
    }
    throw new AssertionError(
        "%s: %s, it failed, and fails again when nothing is wrong any more: %s"
            .formatted(scenario.rule(), where, failure),
        failure);
  }

  private void check(String where, String name, Volume before, List<Looks> expected) {
    Picture live = Picture.of(scenario, before);
    assertOneOf(where, live, expected, Looks::live);
    scenario.close();
    leaks.checkProcess(where);
    scenario.reopen();
    checkReopened(where, name, expected);
  }

  /** The pool was closed before all had ended, or was repeated: it is as before or as after. */
  void checkReopened(String where, String name) {
    List<Looks> expected = new ArrayList<>(List.of(baseline.before(), baseline.after()));
    if (crash.mayLeaveNoSession()) {
      expected.add(baseline.before().withoutSession());
    }
    checkReopened(where, name, expected);
  }

  private void checkReopened(String where, String name, List<Looks> expected) {
    Volume volume = bench.declare(name);
    Picture actual = Picture.of(scenario, volume);
    assertOneOf(where + ", after the pool was opened again", actual, expected, Looks::reopened);
    bench.assertSourceIsIntact(where);
    List<Revision> had = actual.committed().isPresent() ? baseline.revisions() : List.of();
    new Continuation(scenario).checkCommit(where, volume, actual, had);
  }

  private void assertOneOf(
      String where, Picture actual, List<Looks> expected, Function<Looks, Picture> moment) {
    List<Picture> pictures = expected.stream().map(moment).distinct().toList();
    Picture before = moment.apply(baseline.before());
    boolean isOne =
        pictures.stream()
            .anyMatch(
                picture ->
                    actual.equals(picture)
                        || (!picture.equals(before) && isUnpruned(actual, picture, before)));
    if (!isOne) {
      throw new AssertionError(
          "%s: %s, the volume is%n  %s%nand was to be one of%n  %s"
              .formatted(scenario.rule(), where, actual, pictures));
    }
  }

  /** Pruning that failed is no failure of the commit (rule 1003), and comes with the next one. */
  private boolean isUnpruned(Picture actual, Picture expected, Picture before) {
    return crash.operation().commits() && actual.equals(expected.withRevision(before));
  }
}

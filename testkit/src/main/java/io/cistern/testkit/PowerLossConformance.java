package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.VolumeKind;
import io.cistern.storage.spi.Step;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;

/** What the suites have in common that boot from disks that a power failure could leave. */
abstract class PowerLossConformance {
  /** The protocols of which no sync is to be missing. */
  static final Set<CrashOperation> PROTOCOLS =
      EnumSet.of(
          CrashOperation.START,
          CrashOperation.START_IN_PLACE,
          CrashOperation.STOP,
          CrashOperation.STOP_KEEPING_NOTHING,
          CrashOperation.STOP_IN_PLACE,
          CrashOperation.STOP_CRASHED,
          CrashOperation.STOP_CRASHED_IN_PLACE,
          CrashOperation.REVERT,
          CrashOperation.REVERT_KEEPING_NOTHING,
          CrashOperation.IMPORT,
          CrashOperation.FIRST_IMPORT,
          CrashOperation.CLONE);

  private static final int MOST_SYNCS = 100;

  /**
   * Makes a fresh, empty place whose power can fail; called for each operation on each kind.
   *
   * @throws Exception if it can't be made, which fails the test
   */
  protected abstract PoolFixture newPool() throws Exception;

  /**
   * Tells whether an operation is interrupted where there is not the time for all. Yes, unless
   * overridden for a place where each takes long, such as an emulated machine.
   *
   * @param operation such as {@code "stop of origin"}
   */
  protected boolean isSelected(String operation) {
    return true;
  }

  /**
   * Tells of which syncs it does not matter on this storage that they are missing, because of what
   * it makes durable by itself, or in which order.
   *
   * @param operation such as {@code "stop of origin"}
   * @param number counts the syncs of the operation, from 1
   * @param sync the step
   * @return false unless overridden
   */
  protected boolean isImplied(String operation, int number, Step sync) {
    return false;
  }

  /** Tells whether an operation belongs to the suite's selection. */
  abstract boolean isTypical(CrashCase crash);

  /** Makes what runs one operation in a place. */
  abstract PowerLossRun newRun(Scenario scenario, CrashCase crash);

  /** Makes a test of each operation that has to survive power failures. */
  final Stream<DynamicTest> survivals(CrashReport report) throws Exception {
    return cases().stream()
        .map(
            crash ->
                DynamicTest.dynamicTest(
                    crash.toString(),
                    () -> report.watch(crash.toString(), () -> run(crash, report))));
  }

  /**
   * Makes a test of each protocol, which has to fail without any one of its syncs; none if not all
   * disks are booted from, since any may be the one that shows it, which the report then says.
   */
  final Stream<DynamicTest> missingSyncs(String suite) throws Exception {
    CrashReport report = new CrashReport(getClass(), suite);
    try (PoolFixture fixture = newPool()) {
      int disks = fixture.stepsToTry();
      if (disks != Integer.MAX_VALUE) {
        report.note(
            "missing syncs were not looked for: at most %d disks of each operation are booted from here, and any may be the one that shows it"
                .formatted(disks));
        return Stream.empty();
      }
    }
    return cases().stream()
        .filter(crash -> PROTOCOLS.contains(crash.operation()) && isToMissSyncs(crash.kind()))
        .map(
            crash ->
                DynamicTest.dynamicTest(
                    crash.toString(),
                    () -> report.watch(crash.toString(), () -> runWithoutEach(crash, report))));
  }

  private static boolean isToMissSyncs(VolumeKind kind) {
    return kind == VolumeKind.ORIGIN || (CrashCase.THOROUGH && kind.saveOnStop());
  }

  private void runWithoutEach(CrashCase crash, CrashReport report) throws Exception {
    CrashBaseline baseline = baseline(crash);
    List<String> unnoticed = new ArrayList<>();
    for (int sync = 1; sync < MOST_SYNCS; sync++) {
      long start = System.nanoTime();
      Missing missing = runWithout(crash, baseline, sync);
      if (missing.step.isEmpty()) {
        Assumptions.assumeTrue(sync > 1, "skipped, the driver tells of no syncs to be left out");
        assertThat(unnoticed).as("902: %s, missing syncs that nothing shows", crash).isEmpty();
        return;
      }
      Step step = missing.step.get();
      String what = "%s without sync %d (%s)".formatted(crash, sync, step);
      report.add(what, missing.shown.map("noticed: "::concat).orElse("not noticed"), since(start));
      if (missing.shown.isEmpty() && !isImplied(crash.toString(), sync, step)) {
        unnoticed.add(what);
      }
    }
    throw new AssertionError("902: %s has no end of syncs".formatted(crash));
  }

  /** A sync that was left out, if there was one of that number, and what shows that. */
  private record Missing(Optional<Step> step, Optional<String> shown) {}

  private Missing runWithout(CrashCase crash, CrashBaseline baseline, int sync) throws Exception {
    try (Place place = newPlace(crash)) {
      Optional<AssertionError> failure = Optional.empty();
      try {
        place.run.run(baseline, sync);
      } catch (AssertionError e) {
        if (isOverdue(e)) {
          throw e;
        }
        failure = Optional.of(e);
      }
      List<Step> syncs = place.run.syncs();
      if (failure.isPresent() && syncs.size() < sync) {
        throw new AssertionError(
            "902: %s fails though no sync is missing, as it does by itself: %s"
                .formatted(crash, failure.get().getMessage()),
            failure.get());
      }
      Optional<Step> missing =
          syncs.size() < sync ? Optional.empty() : Optional.of(syncs.get(sync - 1));
      return new Missing(
          missing, failure.flatMap(e -> String.valueOf(e.getMessage()).lines().findFirst()));
    }
  }

  /** What does not end says nothing of what is on the disk, so that no missing sync shows in it. */
  private static boolean isOverdue(AssertionError failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof Waiting.Overdue) {
        return true;
      }
    }
    return false;
  }

  private CrashBaseline baseline(CrashCase crash) throws Exception {
    try (Place place = newPlace(crash)) {
      return place.run.baseline();
    }
  }

  private void run(CrashCase crash, CrashReport report) throws Exception {
    long start = System.nanoTime();
    CrashBaseline baseline = baseline(crash);
    try (Place place = newPlace(crash)) {
      place.run.run(baseline, 0);
      report.add(crash.toString(), place.run, since(start));
    }
  }

  private List<CrashCase> cases() throws Exception {
    try (PoolFixture fixture = newPool()) {
      return CrashCase.selected(
          fixture.capabilities(), crash -> isTypical(crash) && isSelected(crash.toString()));
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** A place for one operation. */
  private static final class Place implements AutoCloseable {
    private final PoolFixture fixture;
    private final Scenario scenario;
    private final PowerLossRun run;

    private Place(PoolFixture fixture, Scenario scenario, PowerLossRun run) {
      this.fixture = fixture;
      this.scenario = scenario;
      this.run = run;
    }

    @Override
    public void close() throws Exception {
      try {
        scenario.close();
      } finally {
        fixture.close();
      }
    }
  }

  private Place newPlace(CrashCase crash) throws Exception {
    PoolFixture fixture = newPool();
    try {
      Scenario scenario = new Scenario(fixture, "902");
      return new Place(fixture, scenario, newRun(scenario, crash));
    } catch (RuntimeException | Error e) {
      try {
        fixture.close();
      } catch (IOException | RuntimeException | Error inTheWay) {
        e.addSuppressed(inTheWay);
      }
      throw e;
    }
  }
}

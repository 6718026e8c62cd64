package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.storage.VolumeKind;
import io.cistern.storage.spi.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rules 902 and 903 as tests: the power is cut before each step of each operation on each kind of
 * volume, and right after the operation was reported done; and the proof that these tests can fail,
 * which is that they do without any one sync of a protocol.
 *
 * <pre>{@code
 * class MyDriverPowerCutTest extends PowerCutConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlaceWithPower();
 *   }
 * }
 * }</pre>
 *
 * <p>The fixture gives its {@link PoolFixture#power()}, and the driver reports its steps. Each
 * operation is interrupted on an origin, start and stop on each kind; with {@code
 * -Dcistern.test.thorough=true} each operation on each kind; with {@code -Dcistern.test.crash='stop
 * of .*'} those. What was interrupted is listed in {@code target/crash-reports}.
 *
 * <p>Where the fixture's {@link PoolFixture#stepsToTry()} leaves disks out, missing syncs are not
 * looked for: any disk may be the one that shows it.
 */
public abstract class PowerCutConformance {
  /** The protocols of which no sync is to be missing. */
  private static final Set<CrashOperation> PROTOCOLS =
      EnumSet.of(
          CrashOperation.START,
          CrashOperation.START_IN_PLACE,
          CrashOperation.STOP,
          CrashOperation.STOP_KEEPING_NOTHING,
          CrashOperation.STOP_IN_PLACE,
          CrashOperation.REVERT,
          CrashOperation.REVERT_KEEPING_NOTHING,
          CrashOperation.IMPORT,
          CrashOperation.FIRST_IMPORT,
          CrashOperation.CLONE);

  private static final int MOST_SYNCS = 100;

  /** Allows subclasses. */
  protected PowerCutConformance() {}

  /**
   * Makes a fresh, empty place whose power can be cut; called for each operation on each kind.
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

  @TestFactory
  @Rule({902, 903})
  final Stream<DynamicTest> rule902_aPowerCutAtAnyStepLeavesBeforeOrAfter() throws Exception {
    CrashReport report = new CrashReport(getClass(), "power-cuts");
    return cases().stream()
        .map(
            crash ->
                DynamicTest.dynamicTest(
                    crash.toString(),
                    () -> {
                      long start = System.nanoTime();
                      report.add(crash.toString(), run(crash), since(start));
                    }));
  }

  @TestFactory
  @Rule({902, 903})
  final Stream<DynamicTest> rule902_aMissingSyncIsNoticed() throws Exception {
    if (!areAllDisksBooted()) {
      return Stream.empty();
    }
    CrashReport report = new CrashReport(getClass(), "missing-syncs");
    return cases().stream()
        .filter(crash -> PROTOCOLS.contains(crash.operation()) && isToMissSyncs(crash.kind()))
        .map(
            crash ->
                DynamicTest.dynamicTest(crash.toString(), () -> runWithoutEach(crash, report)));
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
      report.add(what, missing.noticed ? "noticed" : "not noticed", since(start));
      if (!missing.noticed && !isImplied(crash.toString(), sync, step)) {
        unnoticed.add(what);
      }
    }
    throw new AssertionError("902: %s has no end of syncs".formatted(crash));
  }

  /** A sync that was left out, if there was one of that number. */
  private record Missing(Optional<Step> step, boolean noticed) {}

  private Missing runWithout(CrashCase crash, CrashBaseline baseline, int sync) throws Exception {
    try (Place place = new Place(newPool(), crash)) {
      boolean noticed = false;
      try {
        place.run.run(baseline, sync);
      } catch (AssertionError e) {
        noticed = true;
      }
      List<Step> syncs = place.run.syncs();
      if (noticed && syncs.size() < sync) {
        throw new AssertionError("902: %s fails though no sync is missing".formatted(crash));
      }
      Optional<Step> missing =
          syncs.size() < sync ? Optional.empty() : Optional.of(syncs.get(sync - 1));
      return new Missing(missing, noticed);
    }
  }

  private CrashBaseline baseline(CrashCase crash) throws Exception {
    try (Place place = new Place(newPool(), crash)) {
      return place.run.baseline();
    }
  }

  private String run(CrashCase crash) throws Exception {
    try (Place place = new Place(newPool(), crash)) {
      place.run.run(place.run.baseline(), 0);
      return place.run.toString();
    }
  }

  private List<CrashCase> cases() throws Exception {
    try (PoolFixture fixture = newPool()) {
      return CrashCase.selected(
          fixture.capabilities(), crash -> crash.isTypical() && isSelected(crash.toString()));
    }
  }

  private boolean areAllDisksBooted() throws Exception {
    try (PoolFixture fixture = newPool()) {
      return fixture.stepsToTry() == Integer.MAX_VALUE;
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** A place for one operation. */
  private static final class Place implements AutoCloseable {
    private final PoolFixture fixture;
    private final Scenario scenario;
    private final PowerCutRun run;

    Place(PoolFixture fixture, CrashCase crash) {
      this.fixture = fixture;
      this.scenario = new Scenario(fixture, "902");
      PowerSupply power =
          fixture
              .power()
              .orElseThrow(() -> new AssertionError("the fixture has no power to be cut"));
      this.run = new PowerCutRun(scenario, power, crash);
    }

    @Override
    public void close() throws Exception {
      scenario.close();
      fixture.close();
    }
  }
}

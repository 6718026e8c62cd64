package io.cistern.testkit;

import io.cistern.storage.VolumeKind;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rules 902 and 903 as tests, on a disk whose cache may lose what it was not told to flush: all of
 * it, or some, or in another order, at each flush of an operation and between two, and of what
 * comes in the background when it was reported done. And the proof that these tests can fail, which
 * is that they do without any one sync of a protocol.
 *
 * <pre>{@code
 * class MyDriverWriteLogTest extends WriteLogConformance {
 *   @Override
 *   protected PoolFixture newPool() {
 *     return new MyPlaceWithWriteLog();
 *   }
 * }
 * }</pre>
 *
 * <p>The fixture gives its {@link PoolFixture#writeLog()}. The protocols are those by which content
 * changes: start, stop, revert, import and clone of an origin, start and stop of a snapshot that is
 * saved, and up to 30 disks of each; with {@code -Dcistern.test.thorough=true} each operation on
 * each kind, at each write, and all disks; with {@code -Dcistern.test.crash='stop of .*'} those.
 * What was lost is up to {@code -Dcistern.test.seed}. What came of it is listed in {@code
 * target/crash-reports}.
 *
 * <p>Where the fixture's {@link PoolFixture#stepsToTry()} leaves disks out, missing syncs are not
 * looked for: any disk may be the one that shows it.
 *
 * @see PowerCutConformance
 */
public abstract class WriteLogConformance extends PowerLossConformance {
  /** Allows subclasses. */
  protected WriteLogConformance() {}

  @TestFactory
  @Rule({902, 903})
  final Stream<DynamicTest> rule902_whateverTheDiskHasNotFlushedItLeavesBeforeOrAfter()
      throws Exception {
    return survivals(new CrashReport(getClass(), "lost-writes"));
  }

  @TestFactory
  @Rule({902, 903})
  final Stream<DynamicTest> rule902_aMissingSyncIsNoticedWhenWritesAreLost() throws Exception {
    return missingSyncs("missing-syncs");
  }

  @Override
  final boolean isTypical(CrashCase crash) {
    return PROTOCOLS.contains(crash.operation())
        && (crash.kind() == VolumeKind.ORIGIN
            || (crash.kind() == VolumeKind.ORIGIN_SNAPSHOT && crash.isTypical()));
  }

  @Override
  final PowerLossRun newRun(Scenario scenario, CrashCase crash) {
    WriteLog power =
        scenario
            .fixture()
            .writeLog()
            .orElseThrow(() -> new AssertionError("the fixture has no write log"));
    return new WriteLogRun(scenario, power, crash);
  }
}

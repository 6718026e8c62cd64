package io.cistern.testkit.memory;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.PoolDriver;
import io.cistern.testkit.PoolFixture;
import java.io.IOException;
import java.util.List;

/**
 * A bug that shows only when a step fails, or when the pool is full; in which operation, in which
 * suite, and the rule that it breaks.
 */
enum FaultBug {
  FAILED_STOP_SUCCEEDS(
      1001, "stop of origin", BuggyFaults.class, FaultBugs.FailedStopSucceeds::new),
  SYNC_ERROR_IS_SWALLOWED(
      903, "stop of origin", BuggyFaults.class, FaultBugs.SyncErrorIsSwallowed::new),
  START_SYNC_IS_SWALLOWED(
      903, "start of origin", BuggyFaults.class, FaultBugs.StartSyncIsSwallowed::new),
  SWITCH_SYNC_IS_SWALLOWED(
      903, "stop of origin", BuggyFaults.class, FaultBugs.SwitchSyncIsSwallowed::new),
  RECOVERY_DROPS_REVISIONS(
      1001, "stop of origin", BuggyFaults.class, FaultBugs.RecoveryDropsRevisions::new),
  FAULT_IS_IGNORED(1001, "stop of origin", BuggyFaults.class, FaultBug::withIgnoredFaults),
  FAILURE_AFTER_THE_SWITCH_IS_UNDONE(
      1003, "import of origin", BuggyFaults.class, ProtocolBugs.UndoAfterTheSwitch::new),
  FAILED_PRUNE_FAILS_THE_COMMIT(
      1003, "import of origin", BuggyFaults.class, FaultBugs.FailedPruneFailsTheCommit::new),
  REMOVAL_FAILS_HALFWAY(
      1001, "remove of origin", BuggyFaults.class, ProtocolBugs.RemoveBitByBit::new),
  DESCRIPTOR_LEAKS(1004, "start of volatile", BuggyFaults.class, FaultBugs.DescriptorLeaks::new),
  PIPE_LEAKS(1004, "start of volatile", BuggyFaults.class, FaultBugs.PipeLeaks::new),
  THREAD_LEAKS(1004, "start of volatile", BuggyFaults.class, FaultBugs.ThreadLeaks::new),
  OBJECT_LEAKS(1004, "stop of origin", BuggyFaults.class, FaultBugs.ObjectLeaks::new),
  FAILED_START_STANDS_IN_THE_WAY(
      1001, "start of snapshot", BuggyFaults.class, FaultBugs.FailedStartStandsInTheWay::new),
  FAILED_START_LEAVES_A_SESSION(
      312, "start of origin", BuggyFaults.class, FaultBugs.FailedStartLeavesSession::new),
  SHORT_COPY_IS_TAKEN_FOR_WHOLE(
      1001, "start of origin", BuggyFaults.class, FaultBug::withShortCopies),
  NO_SPACE_IS_AN_ERROR(1001, "create of origin", BuggyFaults.class, FaultBugs.FullIsAnError::new),
  ANY_ERROR_IS_NO_SPACE(1001, "create of origin", BuggyFaults.class, FaultBugs.ErrorIsFull::new),
  CAUSE_IS_NOT_TOLD(1001, "clone of origin", BuggyFaults.class, FaultBugs.CauseIsNotTold::new),

  SESSION_BEFORE_ITS_CONTENT(
      1002, "start of origin", BuggyFull.class, FaultBugs.SessionBeforeItsContent::new),
  FULL_IS_AN_ERROR(1002, "create of origin", BuggyFull.class, FaultBugs.FullIsAnError::new),
  REMOVE_NEEDS_SPACE(1002, "remove of origin", BuggyFull.class, FaultBugs.RemoveNeedsSpace::new),
  DISCARD_NEEDS_SPACE(
      1002, "discard of origin", BuggyFull.class, ProtocolBugs.DiscardNeedsSpace::new),
  QUESTION_NEEDS_SPACE(1002, "stop of origin", BuggyFull.class, FaultBugs.QuestionNeedsSpace::new);

  /** Makes a pool with the bug out of a sound one. */
  private interface Spoiling {
    MemoryPool spoil(MemoryPool sound, DriverContext context);
  }

  final int rule;
  final String operation;
  final Class<?> suite;
  private final Spoiling spoiling;

  FaultBug(int rule, String operation, Class<?> suite, Spoiling spoiling) {
    this.rule = rule;
    this.operation = operation;
    this.suite = suite;
    this.spoiling = spoiling;
  }

  FaultBug(int rule, String operation, Class<?> suite, PoolBugs.Volumes volumes) {
    this(
        rule,
        operation,
        suite,
        (Spoiling) (sound, context) -> new PoolBugs.WithVolumes(sound, context, volumes));
  }

  private static MemoryPool withShortCopies(MemoryPool sound, DriverContext context) {
    return new PoolBugs.WithVolumes(
        sound,
        context,
        (pool, config) -> new FaultBugs.ShortCopyIsTakenForWhole(pool, config, context.probe()));
  }

  private static MemoryPool withIgnoredFaults(MemoryPool sound, DriverContext context) {
    return new PoolBugs.WithVolumes(
        sound,
        context,
        (pool, config) -> new FaultBugs.FaultIsIgnored(pool, config, context.probe()));
  }

  /** Makes a place whose driver has the bug. */
  PoolFixture place() throws IOException {
    PoolDriver driver =
        new MemoryDriver() {
          @Override
          public Pool open(String name, PoolConfig config, DriverContext context)
              throws IOException {
            return spoiling.spoil((MemoryPool) super.open(name, config, context), context);
          }
        };
    return new MemoryFixture() {
      @Override
      public List<PoolDriver> drivers() {
        return List.of(driver);
      }
    };
  }
}

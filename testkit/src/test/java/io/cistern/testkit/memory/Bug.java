package io.cistern.testkit.memory;

import io.cistern.storage.spi.DriverContext;

/** A bug that a driver could have, and the rule of the contract that it breaks. */
enum Bug {
  LOCK_NOT_TAKEN(106, PoolBugs.LockNotTaken::new),
  LOCK_NOT_RELEASED(108, PoolBugs.LockNotReleased::new),
  SETUP_ONLY_ONCE(102, PoolBugs.SetupOnlyOnce::new),
  SETUP_EMPTIES_POOL(102, PoolBugs.SetupEmptiesPool::new),
  DEAD_SETUP_STANDS_IN_THE_WAY(102, PoolBugs.DeadSetupStandsInTheWay::new),
  DESTRUCTION_IN_TWO_STEPS(111, PoolBugs.DestructionInTwoSteps::new),
  USAGE_OF_ABSENT_IS_ZERO(104, PoolBugs.UsageOfAbsentIsZero::new),
  LISTS_UNCOMMITTED(109, PoolBugs.ListsUncommitted::new),
  LISTS_FOREIGN(110, PoolBugs.ListsForeign::new),
  DESTROY_REMOVES_FOREIGN(110, PoolBugs.DestroyRemovesForeign::new),
  SWEEP_TAKES_FOREIGN(110, ProtocolBugs.SweepTakesForeign::new),

  REMOVE_TAKES_LONGER_NAMES(202, ContentBugs.RemoveTakesLongerNames::new),
  NAMES_NOT_INJECTIVE(202, ProtocolBugs.NamesNotInjective::new),
  CREATE_DOES_NOT_ZERO(203, ContentBugs.CreateDoesNotZero::new),
  SIZE_NOT_ROUNDED(203, PoolBugs.SizeNotRounded::new),
  REMOVE_LEAVES_REVISIONS(205, ContentBugs.RemoveLeavesRevisions::new),
  REMOVE_BIT_BY_BIT(205, ProtocolBugs.RemoveBitByBit::new),

  VOLATILE_KEEPS_OLD_CONTENT(301, SessionBugs.VolatileKeepsOldContent::new),
  SNAPSHOT_OF_DIRTY_IMAGE(302, SessionBugs.SnapshotOfDirtyImage::new),
  ORIGIN_SNAPSHOT_GOES_ON(302, ProtocolBugs.OriginSnapshotGoesOn::new),
  SESSION_IS_THE_CONTENT(303, ProtocolBugs.SessionIsTheContent::new),
  CRASH_LOSES_SESSION(305, SessionBugs.CrashLosesSession::new),
  COMMIT_PRUNES_FIRST(307, SessionBugs.CommitPrunesFirst::new),
  COMMIT_IN_TWO_STEPS(307, ProtocolBugs.CommitInTwoSteps::new),
  UNDO_AFTER_THE_SWITCH(307, ProtocolBugs.UndoAfterTheSwitch::new),
  DISCARD_COMMITS(309, SessionBugs.DiscardCommits::new),
  DISCARD_NEEDS_SPACE(309, ProtocolBugs.DiscardNeedsSpace::new),
  STOP_WITHOUT_CONTENT_SUCCEEDS(310, SessionBugs.StopWithoutContentSucceeds::new),
  READ_ONLY_COMMITS(311, SessionBugs.ReadOnlyCommits::new),
  IN_PLACE_NOT_RECORDED(313, ProtocolBugs.InPlaceNotRecorded::new),
  HOLDERS_IGNORED(315, SessionBugs.HoldersIgnored::new),

  COMMIT_KEEPS_NO_REVISION(401, SessionBugs.CommitKeepsNoRevision::new),
  REVISION_NUMBERS_AGAIN(402, ContentBugs.RevisionNumbersAgain::new),
  REVISIONS_BY_THE_CLOCK(402, SessionBugs.RevisionsByTheClock::new),
  COMMIT_NEVER_PRUNES(403, SessionBugs.CommitNeverPrunes::new),
  REVERT_LOSES_REPLACED(404, ContentBugs.RevertLosesReplaced::new),
  REVERT_REMOVES_FIRST(404, ProtocolBugs.RevertRemovesFirst::new),
  REVERT_PRUNES(404, ContentBugs.RevertPrunes::new),
  REVERT_KEEPS_CHOSEN(404, ContentBugs.RevertKeepsChosen::new),
  REVISION_FOLLOWS_CONTENT(401, SessionBugs.RevisionFollowsContent::new),

  ABORT_COMMITS(503, ContentBugs.AbortCommits::new),
  ABORT_LEAVES_IMPORT(503, ContentBugs.AbortLeavesImport::new),
  IMPORT_OUTLIVES_ITS_PROCESS(504, ContentBugs.ImportOutlivesItsProcess::new),
  IMPORT_KEEPS_NO_REVISION(503, ProtocolBugs.ImportKeepsNoRevision::new),
  IMPORT_TAKES_ANY_SIZE(505, ContentBugs.ImportTakesAnySize::new),
  CLONE_OF_DIRTY_IMAGE(303, ContentBugs.CloneOfDirtyImage::new),
  EXPORT_FOLLOWS_CONTENT(508, ContentBugs.ExportFollowsContent::new),
  EXPORT_IS_THE_IMAGE(508, ProtocolBugs.ExportIsTheImage::new),
  EXPORT_STAYS_BEHIND(508, ProtocolBugs.ExportStaysBehind::new),

  SIZE_FROM_CONFIGURATION(601, ContentBugs.SizeFromConfiguration::new),
  GROWN_SPACE_IS_NOT_ZERO(603, ContentBugs.GrownSpaceIsNotZero::new),
  GROWTH_IS_COMMITTED_AT_ONCE(604, ContentBugs.GrowthIsCommittedAtOnce::new),

  OUTDATED_BY_TIME(702, SessionBugs.OutdatedByTime::new),
  OUTDATED_BY_START_OF_SOURCE(702, SessionBugs.OutdatedByStartOfSource::new);

  /** Makes a pool with the bug out of a sound one. */
  private interface Spoiling {
    MemoryPool spoil(MemoryPool sound, DriverContext context);
  }

  final int rule;
  private final Spoiling spoiling;

  Bug(int rule, Spoiling spoiling) {
    this.rule = rule;
    this.spoiling = spoiling;
  }

  Bug(int rule, PoolBugs.Volumes volumes) {
    this(rule, (Spoiling) (sound, context) -> new PoolBugs.WithVolumes(sound, context, volumes));
  }

  MemoryPool spoil(MemoryPool sound, DriverContext context) {
    return spoiling.spoil(sound, context);
  }
}

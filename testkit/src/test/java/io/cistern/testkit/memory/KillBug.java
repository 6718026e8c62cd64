package io.cistern.testkit.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A bug that shows only when a process really dies, and the rule that it breaks. */
enum KillBug {
  NONE(0, KillBugs::lock, MemoryVolume::new),
  LOCK_OUTLIVES_ITS_PROCESS(106, KillBugs::lockThatOutlives, MemoryVolume::new),
  LOCK_DIES_EARLY(106, KillBugs::lockThatDiesEarly, MemoryVolume::new),
  COMMIT_AT_EXIT(901, KillBugs::lock, KillBugs.CommitAtExit::new),
  CRASHED_COMMIT_IN_TWO_STEPS(
      901, KillBugs::lock, KillBugs.CrashedCommitInTwoSteps::new, Set.of("stop crashed of origin")),
  COMMIT_IN_TWO_STEPS(901, KillBugs::lock, ProtocolBugs.CommitInTwoSteps::new),
  REVERTED_IS_STILL_LISTED(901, KillBugs::lock, KillBugs.RevertedIsStillListed::new),
  LEFTOVER_IN_ANOTHER_PLACE(904, KillBugs::lock, KillBugs.LeftoverInAnotherPlace::new),
  TIDIES_IN_ANOTHER_PLACE(904, KillBugs::lock, KillBugs.TidiesInAnotherPlace::new),
  DRAFT_PASSES_FOR_A_VOLUME(904, KillBugs::lock, KillBugs.DraftPassesForVolume::new);

  /** Takes the lock of a pool. */
  private interface Locking {
    AutoCloseable lock(Path place) throws IOException;
  }

  final int rule;
  private final Locking locking;
  private final PoolBugs.Volumes volumes;
  private final Set<String> operations;

  KillBug(int rule, Locking locking, PoolBugs.Volumes volumes) {
    this(rule, locking, volumes, Set.of("stop of origin", "revert of origin"));
  }

  KillBug(int rule, Locking locking, PoolBugs.Volumes volumes, Set<String> operations) {
    this.rule = rule;
    this.locking = locking;
    this.volumes = volumes;
    this.operations = operations;
  }

  /** Tells whether the bug is to show in an operation. */
  boolean isOf(String operation) {
    return operations.contains(operation);
  }

  /** Takes the lock of a pool, soundly or not. */
  AutoCloseable lock(Path place) throws IOException {
    return locking.lock(place);
  }

  /** Makes volumes, sound ones or not. */
  PoolBugs.Volumes volumes() {
    return volumes;
  }
}

package io.cistern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.testkit.memory.InterleavingBug;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs against the model that let a bug pass are worth nothing: each bug makes some run fail. */
@Execution(ExecutionMode.SAME_THREAD)
class ModelRunsTest {
  private static final int MOST_RUNS = 60;

  private interface Run {
    Optional<Throwable> failure(long seed) throws Exception;
  }

  @ParameterizedTest
  @EnumSource
  void aBugMakesARunFail(InterleavingBug bug) throws Exception {
    ModelPlace place = place(bug);
    Optional<Throwable> failure =
        bug.isInMixes()
            ? firstFailure(seed -> new CommandMix(place, seed).failure())
            : firstFailure(seed -> CommandSequence.of(place, seed).failure());
    assertThat(failure).as("the failure of one of %d runs", MOST_RUNS).isPresent();
    assertThat(failure.get() instanceof Waiting.Overdue)
        .as("a deadlock: %s", failure.get().getMessage())
        .isEqualTo(isDeadlock(bug));
  }

  private static boolean isDeadlock(InterleavingBug bug) {
    return bug == InterleavingBug.LOCKS_IN_ANY_ORDER;
  }

  @Test
  void aDeadlockIsToldWithAllThreads() throws Exception {
    ModelPlace place = place(InterleavingBug.LOCKS_IN_ANY_ORDER);
    Optional<Throwable> failure = firstFailure(seed -> new CommandMix(place, seed).failure());
    assertThat(failure)
        .get()
        .asString()
        .contains("waited 2 s for the end of an operation")
        .contains("MixBugs$LocksInAnyOrder");
  }

  @Test
  void aSequenceThatFailsIsShownWithWhatItTakesToFail() throws Exception {
    ModelPlace place = place(InterleavingBug.SECOND_CRASH_LOSES_SESSION);
    for (long seed = 1; seed < MOST_RUNS; seed++) {
      CommandSequence sequence = CommandSequence.of(place, seed);
      Optional<Throwable> failure = sequence.failure();
      if (failure.isPresent()) {
        String aspect = ModelMismatch.aspectOf(failure.get());
        CommandSequence shrunk = sequence.shrunk(aspect);
        assertThat(shrunk.commands()).hasSizeBetween(4, 8).isSubsetOf(sequence.commands());
        assertThat(shrunk.failure().map(ModelMismatch::aspectOf)).contains(aspect);
        return;
      }
    }
    throw new AssertionError("no sequence has failed");
  }

  private static Optional<Throwable> firstFailure(Run run) throws Exception {
    for (long seed = 1; seed <= MOST_RUNS; seed++) {
      Optional<Throwable> failure = run.failure(seed);
      if (failure.isPresent()) {
        return failure;
      }
    }
    return Optional.empty();
  }

  private static ModelPlace place(InterleavingBug bug) {
    return new ModelPlace() {
      @Override
      public PoolFixture newPool() throws Exception {
        return bug.newPool();
      }

      @Override
      public Duration patience(PoolFixture fixture) {
        return Duration.ofSeconds(isDeadlock(bug) ? 2 : 30);
      }
    };
  }
}

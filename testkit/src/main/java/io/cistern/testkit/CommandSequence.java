package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A sequence of commands, one after the other, each compared with the model. */
final class CommandSequence {
  private static final int LENGTH = 60;
  private static final int BETWEEN_WHOLE_CHECKS = 8;
  private static final Duration SHRINKING = Duration.ofSeconds(60);

  private final ModelPlace place;
  private final long seed;
  private final List<Command> commands;

  private CommandSequence(ModelPlace place, long seed, List<Command> commands) {
    this.place = place;
    this.seed = seed;
    this.commands = commands;
  }

  /** Returns the sequence of a seed, which is the same for places of the same abilities. */
  static CommandSequence of(ModelPlace place, long seed) throws Exception {
    try (PoolFixture fixture = place.newPool()) {
      return new CommandSequence(place, seed, new CommandGenerator(seed, fixture).sequence(LENGTH));
    }
  }

  List<Command> commands() {
    return commands;
  }

  /** Runs it; if it fails, fails with the shortest sequence that was found to fail so. */
  void check() throws Exception {
    Optional<Throwable> failure = failure();
    if (failure.isPresent()) {
      CommandSequence shortest = shrunk(ModelMismatch.aspectOf(failure.get()));
      Throwable shown = shortest.failure().orElse(failure.get());
      if (shown != failure.get()) {
        shown.addSuppressed(failure.get());
      }
      throw new AssertionError(
          """
          %s
          The sequence of the seed %d fails, and so do these %d of its %d commands:
          %s
          To repeat it: -Dcistern.test.seed=%d -Dcistern.test.sequences=1\
          """
              .formatted(
                  shown.getMessage(),
                  seed,
                  shortest.commands.size(),
                  commands.size(),
                  shortest,
                  seed),
          shown);
    }
  }

  /** Runs it, and returns what went wrong. */
  Optional<Throwable> failure() throws Exception {
    return ModelRun.of(place, "the sequence of the seed " + seed, this::run);
  }

  /** Returns a part of it that fails in this way. */
  CommandSequence shrunk(String aspect) {
    long end = System.nanoTime() + SHRINKING.toNanos();
    List<Command> shortest =
        Shrinking.shrink(
            commands, part -> aspect.equals(aspectOf(part)), () -> System.nanoTime() < end);
    return new CommandSequence(place, seed, shortest);
  }

  private String aspectOf(List<Command> part) {
    try {
      return new CommandSequence(place, seed, part)
          .failure()
          .map(ModelMismatch::aspectOf)
          .orElse("");
    } catch (Exception e) {
      throw new AssertionError("no fresh place for a shorter sequence", e);
    }
  }

  private void run(Model model, LivePools pools, ModelCheck check) {
    int count = 0;
    for (Command command : commands) {
      if (command instanceof VolumeCommand of) {
        run(of, model, pools);
        check.state(model.volume(of.volume()));
      } else if (command instanceof ProcessCommand of) {
        of.run(model, pools);
      }
      if (++count % BETWEEN_WHOLE_CHECKS == 0) {
        check.all();
      }
    }
    check.all();
  }

  /** Does one command, waits for its end, and compares how it ended. */
  static void run(VolumeCommand command, Model model, LivePools pools) {
    CompletableFuture<?> future = command.call(pools, pools.volume(command.volume()));
    pools.scenario().waiting().awaitEnd(future);
    Set<Code> refusals = model.refusals(command);
    ModelCheck.outcome(command, refusals, failureOf(future));
    if (refusals.isEmpty()) {
      model.apply(command);
    }
  }

  /** Returns what a future that is done has failed with. */
  static @Nullable Throwable failureOf(CompletableFuture<?> done) {
    Throwable failure = done.handle((value, thrown) -> thrown).join();
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  @Override
  public String toString() {
    return commands.stream().map(command -> "  " + command).collect(Collectors.joining("\n"));
  }
}

package io.cistern.testkit;

import io.cistern.storage.VolumeKind;
import java.util.Optional;

/**
 * Rounds of commands on all volumes at once. Between them everything is compared with the model,
 * and the process ends: it dies, it closes the storage, and in the last round it closes the storage
 * while operations run.
 */
final class CommandMix {
  private static final int PREPARING = 20;
  private static final int LENGTH = 80;

  private final ModelPlace place;
  private final long seed;
  private Optional<MixRound> last = Optional.empty();

  CommandMix(ModelPlace place, long seed) {
    this.place = place;
    this.seed = seed;
  }

  void check() throws Exception {
    Optional<Throwable> failure = failure();
    if (failure.isPresent()) {
      throw new AssertionError(
          """
          %s
          The mix of the seed %d fails; its last round was, from which tick to which:
          %s
          To repeat it: -Dcistern.test.seed=%d -Dcistern.test.sequences=1 (threads may differ)\
          """
              .formatted(
                  failure.get().getMessage(),
                  seed,
                  last.map(MixRound::toString).orElse("not begun"),
                  seed),
          failure.get());
    }
  }

  /** Runs it, and returns what went wrong. */
  Optional<Throwable> failure() throws Exception {
    return ModelRun.of(place, "the mix of the seed " + seed, this::run);
  }

  private void run(Model model, LivePools pools, ModelCheck check) {
    CommandGenerator generator = new CommandGenerator(seed, pools.scenario().fixture());
    model.volumes().stream()
        .filter(volume -> volume.kind() == VolumeKind.ORIGIN)
        .map(volume -> new ContentCommands.Create(volume.name()))
        .forEach(create -> CommandSequence.run(create, model, pools));
    generator
        .volumeCommands(PREPARING)
        .forEach(command -> CommandSequence.run(command, model, pools));
    check.all();
    round(model, pools, generator).run();
    check.all();
    new ProcessCommand.Crash().run(model, pools);
    generator.reopened();
    check.all();
    round(model, pools, generator).run();
    check.all();
    new ProcessCommand.Reopen().run(model, pools);
    generator.reopened();
    check.all();
    round(model, pools, generator).runAndClose();
    check.all();
  }

  private MixRound round(Model model, LivePools pools, CommandGenerator generator) {
    MixRound round = new MixRound(model, pools, generator.volumeCommands(LENGTH));
    last = Optional.of(round);
    return round;
  }
}

package io.cistern.testkit;

import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The commands on one volume in a mix. As many as can be are called before the first of them has
 * ended.
 */
final class VolumeScript {
  private static final int CALLED_AHEAD = 6;

  private record Call(VolumeCommand command, CompletableFuture<?> future, long called) {}

  private final MixRound round;
  private final ModelVolume model;
  private final List<VolumeCommand> commands;
  private final Queue<Call> pending = new ArrayDeque<>();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();

  VolumeScript(MixRound round, String volume, List<VolumeCommand> commands) {
    this.round = round;
    this.model = round.model().volume(volume);
    this.commands = commands;
  }

  void run() {
    for (VolumeCommand command : commands) {
      if (!command.canBeCalledAhead() || pending.size() == CALLED_AHEAD) {
        settleAll();
      }
      Volume volume = round.pools().volume(model.name());
      long called = round.tick();
      pending.add(new Call(command, command.call(round.pools(), volume), called));
      if (!command.canBeCalledAhead()) {
        settleAll();
      }
    }
    settleAll();
  }

  private void settleAll() {
    Call call = pending.poll();
    while (call != null) {
      settle(call);
      call = pending.poll();
    }
  }

  private void settle(Call call) {
    round.pools().scenario().waiting().awaitEnd(call.future);
    long ended = round.tick();
    Throwable failure = CommandSequence.failureOf(call.future);
    log.add(
        "  %d to %d: %s %s"
            .formatted(call.called, ended, call.command, failure == null ? "" : failure));
    if (round.isClosing() && (codeOf(failure) == Code.CLOSED || isOfEndedImport(call, failure))) {
      return;
    }
    Optional<String> source =
        call.command instanceof VolumeCommand.Taking taking
            ? taking.source(model)
            : Optional.empty();
    if (source.isPresent()) {
      settleTaking(call, source.get(), ended, failure);
    } else {
      settleOwn(call.command, failure);
    }
    round.changed(model.name(), call.called, ended);
  }

  /** Closing the pool ends imports, so that there is nothing to write into. */
  private static boolean isOfEndedImport(Call call, @Nullable Throwable failure) {
    return failure instanceof ModelMismatch && call.command instanceof TransferCommands.WriteImport;
  }

  private void settleOwn(VolumeCommand command, @Nullable Throwable failure) {
    if (isReadMeanwhile(command, failure)) {
      return;
    }
    Set<Code> refusals = command.refusals(model);
    ModelCheck.outcome(command, refusals, failure);
    if (refusals.isEmpty()) {
      command.apply(model);
    }
  }

  /** While somebody clones from it, a volume does not start in place (rule 313). */
  private boolean isReadMeanwhile(VolumeCommand command, @Nullable Throwable failure) {
    return command instanceof SessionCommands.Start
        && model.isInPlace()
        && codeOf(failure) == Code.VOLUME_IN_USE;
  }

  private void settleTaking(Call call, String source, long ended, @Nullable Throwable failure) {
    Set<Code> refusals = call.command.refusals(model);
    Code code = codeOf(failure);
    if (code != null && !refusals.contains(code)) {
      // The source's reason, then; that is compared with what the source was like.
      round.refused(call.command, source, code, call.called, ended);
      return;
    }
    ModelCheck.outcome(call.command, refusals, failure);
    if (code != null) {
      return;
    }
    VolumeCommand.Taking taking = (VolumeCommand.Taking) call.command;
    Optional<Content> content = taken(taking, call.future);
    taking.apply(model, content.orElse(Content.zeros(0)), Optional.empty());
    content.ifPresentOrElse(
        got -> round.took(taking, source, got, call.called, ended),
        () -> round.tookUnread(taking, source, call.called, ended));
  }

  /** Reads what was taken. An export may be closed meanwhile with the pool; then it is empty. */
  private Optional<Content> taken(VolumeCommand.Taking taking, CompletableFuture<?> done) {
    try {
      return Optional.of(taking.taken(round.pools(), model.name(), done.join()));
    } catch (AssertionError e) {
      if (round.isClosing() && taking instanceof TransferCommands.Clone) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static @Nullable Code codeOf(@Nullable Throwable failure) {
    StorageException refusal = StorageException.in(failure);
    return refusal == null ? null : refusal.code();
  }

  @Override
  public String toString() {
    return model.name() + ":\n" + String.join("\n", log);
  }
}

package io.cistern.testkit;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeState;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Commands about sessions: start and stop, and what a VM does between the two. */
final class SessionCommands {
  private SessionCommands() {}

  record Start(String volume) implements VolumeCommand.Taking {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      boolean missing = !model.kind().snapOnStart() && model.saves() && !model.startContinues();
      return new Refusals()
          .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
          .when(missing && model.committed().isEmpty(), Code.VOLUME_NOT_FOUND)
          .codes();
    }

    @Override
    public Optional<String> source(ModelVolume model) {
      return model.startContinues() || model.isImporting()
          ? Optional.empty()
          : model.declared().source().map(VolumeId::vid);
    }

    @Override
    public void apply(ModelVolume model) {
      Content fresh =
          model.saves()
              ? model.committed().orElse(Content.zeros(0))
              : Content.zeros(model.rounded(model.nominalSize().orElse(0)));
      model.start(fresh, Optional.empty());
    }

    @Override
    public void apply(ModelVolume model, Content content, Optional<ModelContents.Version> version) {
      model.start(content, version);
    }

    @Override
    public CompletableFuture<BlockDevice> call(LivePools pools, Volume subject) {
      return subject.start();
    }

    @Override
    public Content taken(LivePools pools, String name, Object result) {
      return pools.read(((BlockDevice) result).path());
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return !model.isStarted();
    }
  }

  record Stop(String volume, StopMode mode) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      boolean discardsOnlyCopy = mode == StopMode.DISCARD && model.isInPlace();
      return new Refusals()
          .when(model.hasSession() && model.isHeld(), Code.VOLUME_IN_USE)
          .when(model.hasSession() && discardsOnlyCopy, Code.UNSUPPORTED)
          .codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.stop(mode == StopMode.COMMIT);
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return subject.stop(mode);
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return model.state() != VolumeState.STOPPED;
    }
  }

  /** The VM writes somewhere; nothing happens if there is none that may. */
  record Write(String volume, int mark, int place) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return Set.of();
    }

    @Override
    public void apply(ModelVolume model) {
      if (isUseful(model)) {
        Mark written = mark(model);
        model.write(written.offset(), written.content());
      }
    }

    @Override
    public CompletableFuture<?> call(LivePools pools, Volume subject) {
      return pools.writeDevice(subject, place, mark);
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return model.isStarted() && model.isRw();
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }

    private Mark mark(ModelVolume model) {
      return Mark.at(place, model.session().orElseThrow().size(), mark);
    }
  }

  /** A VM opens the device, or closes it; nothing happens if it is not started. */
  record Hold(String volume, boolean opens) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return Set.of();
    }

    @Override
    public void apply(ModelVolume model) {
      if (isUseful(model)) {
        model.hold(opens);
      }
    }

    @Override
    public CompletableFuture<?> call(LivePools pools, Volume subject) {
      return opens ? pools.hold(volume, subject) : pools.letGo(volume);
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return opens ? model.isStarted() && model.isRw() && !model.isHeld() : model.isHeld();
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }
}

package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Commands about a volume as a whole, and what it is set to. */
final class ContentCommands {
  private ContentCommands() {}

  record Create(String volume) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      boolean exists = model.committed().isPresent() || model.hasSession();
      return new Refusals()
          .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
          .when(model.kind() == VolumeKind.ORIGIN && exists, Code.VOLUME_EXISTS)
          .codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.create();
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return subject.create();
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return model.kind() == VolumeKind.ORIGIN;
    }
  }

  /** Removes the volume, and declares it anew, as it was declared first. */
  record Remove(String volume) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return new Refusals()
          .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
          .when(model.hasSession() && model.saves(), Code.VOLUME_DIRTY)
          .when(model.isStarted(), Code.VOLUME_IN_USE)
          .when(model.isSource(), Code.VOLUME_IN_USE)
          .codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.remove();
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return subject.remove().thenApply(done -> pools.declareAnew(subject));
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  record Resize(String volume, long size, boolean mayShrink) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      boolean hasImage = model.hasSession() || model.committed().isPresent();
      boolean isMissing = !hasImage && model.kind() == VolumeKind.ORIGIN;
      boolean shrinks = !isMissing && shrinks(model);
      return new Refusals()
          .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
          .when(!model.isRw(), Code.READ_ONLY)
          .when(shrinks && !mayShrink, Code.INVALID_ARGUMENT)
          .when(shrinks && model.isStarted(), Code.VOLUME_IN_USE)
          .when(shrinks && model.state() == VolumeState.CRASHED, Code.VOLUME_DIRTY)
          .when(model.hasSession() && !model.can(Capability.ONLINE_RESIZE), Code.UNSUPPORTED)
          .when(shrinks && hasImage && !model.can(Capability.SHRINK), Code.UNSUPPORTED)
          .when(isMissing, Code.VOLUME_NOT_FOUND)
          .codes();
    }

    private boolean shrinks(ModelVolume model) {
      long now =
          model
              .session()
              .or(model::committed)
              .map(Content::size)
              .orElse(model.rounded(model.nominalSize().orElse(0)));
      return model.rounded(size) < now;
    }

    @Override
    public void apply(ModelVolume model) {
      model.resize(model.rounded(size));
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return mayShrink ? subject.resize(size, ResizeOption.ALLOW_SHRINK) : subject.resize(size);
    }
  }

  record Update(String volume, boolean rw, int revisionsToKeep) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return new Refusals()
          .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
          .when(model.saves() && model.hasSession() && rw != model.isRw(), Code.VOLUME_DIRTY)
          .codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.update(rw, revisionsToKeep);
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return subject.update(new VolumeUpdate(Optional.of(rw), OptionalInt.of(revisionsToKeep)));
    }
  }
}

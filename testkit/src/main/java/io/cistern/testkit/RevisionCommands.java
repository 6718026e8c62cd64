package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Commands about revisions, which are counted from the oldest on. */
final class RevisionCommands {
  private RevisionCommands() {}

  record RevertToNewest(String volume) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return ofRevert(model, model.revisions().isEmpty());
    }

    @Override
    public void apply(ModelVolume model) {
      model.revert(model.revisions().get(model.revisions().size() - 1));
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return subject.revert();
    }
  }

  record Revert(String volume, int index) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return ofRevert(model, index >= model.revisions().size());
    }

    @Override
    public void apply(ModelVolume model) {
      model.revert(model.revisions().get(index));
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return withRevision(subject, index, subject::revert);
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  record RemoveRevision(String volume, int index) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return new Refusals()
          .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
          .when(index >= model.revisions().size(), Code.NO_SUCH_REVISION)
          .codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.removeRevision(model.revisions().get(index));
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return withRevision(subject, index, subject::removeRevision);
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  private static Set<Code> ofRevert(ModelVolume model, boolean isMissing) {
    return new Refusals()
        .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
        .when(!model.can(Capability.REVERT), Code.UNSUPPORTED)
        .when(!model.isRw(), Code.READ_ONLY)
        .when(model.hasSession(), Code.VOLUME_DIRTY)
        .when(isMissing, Code.NO_SUCH_REVISION)
        .codes();
  }

  /** Takes a number that no revision can have if there are not as many. */
  static <T> CompletableFuture<T> withRevision(
      Volume subject, int index, Function<RevisionId, CompletableFuture<T>> call) {
    return subject
        .revisions()
        .thenCompose(
            all ->
                call.apply(
                    index < all.size() ? all.get(index).id() : new RevisionId(Long.MAX_VALUE)));
  }
}

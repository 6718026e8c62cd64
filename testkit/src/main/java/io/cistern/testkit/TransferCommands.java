package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeImport;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Commands that bring content in; what brings it out is in {@link ExportCommands}. */
final class TransferCommands {
  private TransferCommands() {}

  private static Refusals ofImport(ModelVolume model) {
    return new Refusals()
        .when(!model.saves(), Code.UNSUPPORTED)
        .when(model.isImporting(), Code.IMPORT_IN_PROGRESS)
        .when(!model.isRw(), Code.READ_ONLY)
        .when(model.hasSession(), Code.VOLUME_DIRTY);
  }

  record BeginImport(String volume, long size) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return ofImport(model).codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.beginImport(model.rounded(size));
    }

    @Override
    public CompletableFuture<VolumeImport> call(LivePools pools, Volume subject) {
      return subject.importData(size).thenApply(handle -> pools.importing(volume, handle));
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  /** Writes into the import that was begun; the three that follow do nothing if none was. */
  record WriteImport(String volume, int mark, int place) implements OfImport {
    @Override
    public void apply(ModelVolume model) {
      model
          .imported()
          .map(content -> Mark.at(place, content.size(), mark))
          .ifPresent(written -> model.writeImport(written.offset(), written.content()));
    }

    @Override
    public CompletableFuture<?> call(LivePools pools, VolumeImport handle) {
      try {
        pools.write(handle.path(), place, mark);
        return CompletableFuture.completedFuture(handle);
      } catch (ModelMismatch e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }

  record CommitImport(String volume) implements OfImport {
    @Override
    public void apply(ModelVolume model) {
      if (model.isImporting()) {
        model.commitImport();
      }
    }

    @Override
    public CompletableFuture<?> call(LivePools pools, VolumeImport handle) {
      return handle.commit().thenApply(done -> pools.imported(volume));
    }
  }

  record AbortImport(String volume) implements OfImport {
    @Override
    public void apply(ModelVolume model) {
      model.abortImport();
    }

    @Override
    public CompletableFuture<?> call(LivePools pools, VolumeImport handle) {
      return handle.abort().thenApply(done -> pools.imported(volume));
    }
  }

  /** A command about the import that the volume's last command of that kind has begun. */
  interface OfImport extends VolumeCommand {
    CompletableFuture<?> call(LivePools pools, VolumeImport handle);

    @Override
    default Set<Code> refusals(ModelVolume model) {
      return Set.of();
    }

    @Override
    default CompletableFuture<?> call(LivePools pools, Volume subject) {
      Optional<VolumeImport> handle = pools.importOf(volume());
      return handle.isPresent()
          ? call(pools, handle.get())
          : CompletableFuture.completedFuture("no import");
    }

    @Override
    default boolean isUseful(ModelVolume model) {
      return model.isImporting();
    }

    @Override
    default boolean canBeCalledAhead() {
      return false;
    }
  }

  /** Imports a whole content at once; it has one byte too few if it is cut short. */
  record ImportFrom(String volume, int mark, long size, boolean isShort) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return ofImport(model).when(isShort, Code.INVALID_ARGUMENT).codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.take(Content.marked(mark, size).resized(model.rounded(size)));
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      Content content = Content.marked(mark, isShort ? size - 1 : size);
      return subject.importFrom(GatedChannel.open(content), size);
    }

    /** What is called while it copies is refused, or not, as it happens. */
    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  record Clone(String volume, String from) implements VolumeCommand.Taking {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return model.saves() ? ofImport(model).codes() : Set.of();
    }

    @Override
    public Optional<String> source(ModelVolume model) {
      return model.saves() ? Optional.of(from) : Optional.empty();
    }

    @Override
    public void apply(ModelVolume model) {
      // Into a volume that keeps nothing, nothing is imported (rule 501).
    }

    @Override
    public void apply(ModelVolume model, Content content, Optional<ModelContents.Version> version) {
      model.take(content);
    }

    @Override
    public CompletableFuture<Volume> call(LivePools pools, Volume subject) {
      return subject.importVolume(pools.volume(from));
    }

    @Override
    public Content taken(LivePools pools, String name, Object result) {
      return pools.committed(name);
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return model.saves();
    }
  }
}

package io.cistern.testkit;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Commands that bring content out, and keep it open while the volume moves on (rule 508). */
final class ExportCommands {
  private ExportCommands() {}

  record Export(String volume) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return model.offer().refusals();
    }

    @Override
    public void apply(ModelVolume model) {
      model.export(model.committed().orElseThrow());
    }

    @Override
    public CompletableFuture<VolumeExport> call(LivePools pools, Volume subject) {
      return subject.export().thenApply(export -> pools.exporting(volume, export));
    }

    /** It waits for nothing, so it may be overtaken by what was called before. */
    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  record ExportRevision(String volume, int index) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return new Refusals()
          .when(!model.saves(), Code.UNSUPPORTED)
          .when(index >= model.revisions().size(), Code.NO_SUCH_REVISION)
          .codes();
    }

    @Override
    public void apply(ModelVolume model) {
      model.export(model.revisions().get(index).content());
    }

    @Override
    public CompletableFuture<VolumeExport> call(LivePools pools, Volume subject) {
      return RevisionCommands.withRevision(subject, index, subject::export)
          .thenApply(export -> pools.exporting(volume, export));
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }

  /** Closes the export of the volume that has been open for longest, if there is one. */
  record CloseExport(String volume) implements VolumeCommand {
    @Override
    public Set<Code> refusals(ModelVolume model) {
      return Set.of();
    }

    @Override
    public void apply(ModelVolume model) {
      model.closeExport();
    }

    @Override
    public CompletableFuture<?> call(LivePools pools, Volume subject) {
      return pools.closeExport(volume);
    }

    @Override
    public boolean isUseful(ModelVolume model) {
      return !model.exports().isEmpty();
    }

    @Override
    public boolean canBeCalledAhead() {
      return false;
    }
  }
}

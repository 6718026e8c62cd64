package io.cistern.storage.spi;

import io.cistern.storage.StorageEvent;
import io.cistern.storage.Transfer;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeImport;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Imports and clones. An import takes a turn in the volume's queue to begin and one to end; between
 * the two the queue is free, and what comes is refused at once instead of waiting for the copy
 * (rule 502).
 */
final class ImportOperations {
  private static final String IMPORT = "import";

  private final AbstractVolume volume;
  private final Execution execution;
  private final VolumeChecks checks;

  ImportOperations(AbstractVolume volume, Execution execution, VolumeChecks checks) {
    this.volume = volume;
    this.execution = execution;
    this.checks = checks;
  }

  CompletableFuture<VolumeImport> importData(long size) {
    return execution.operation(
        "begin an import",
        StorageEvent.Type.IMPORTED,
        report -> {
          checks.saved(IMPORT);
          checks.positive(size, IMPORT);
          begin();
          try {
            long rounded = volume.abstractPool().roundUp(size);
            Path path = volume.doBeginImport(rounded);
            return volume
                .abstractPool()
                .handles()
                .opened(new OpenImport(volume, execution, this, path, rounded));
          } catch (Throwable e) {
            abort(e);
            throw e;
          }
        });
  }

  CompletableFuture<Volume> importFrom(ReadableByteChannel channel, long size, Transfer transfer) {
    return new CopyingImport(volume, execution, this)
        .run(
            transfer,
            () -> {
              checks.saved(IMPORT);
              checks.positive(size, IMPORT);
            },
            progress -> {
              Path target = volume.doBeginImport(volume.abstractPool().roundUp(size));
              volume.doFillImport(target, channel, size, progress);
            },
            channel);
  }

  CompletableFuture<Volume> importVolume(Volume source, Transfer transfer) {
    if (!volume.kind().saveOnStop()) {
      return execution.question("import nothing", report -> volume);
    }
    Supplier<CompletableFuture<Pin>> pinned = () -> pin(source, volume.abstractPool());
    return new CopyingImport(volume, execution, this).run(transfer, pinned);
  }

  /** Marks the volume as being imported into; called in a turn. */
  void begin() throws IOException {
    checks.changeable(IMPORT);
    VolumeRegistry registry = volume.abstractPool().registry();
    registry.beginning(
        volume,
        () -> {
          checks.writable(IMPORT);
          checks.noSession(IMPORT);
          volume.memory().setImporting(true);
          registry.remember(volume);
          return volume;
        });
  }

  /** Makes what was imported the content; called in a turn. The import has not ended by that. */
  void commit() throws IOException {
    volume.abstractPool().doCheckReady();
    volume.doCommitImport(volume.revisionsToKeep());
  }

  /** Drops what was imported; what goes wrong with that is added to the failure at hand. */
  void abort(Throwable failure) {
    try {
      volume.doAbortImport();
    } catch (Throwable e) {
      if (e != failure) {
        failure.addSuppressed(e);
      }
    } finally {
      ended(false);
    }
  }

  /** Marks the volume as being imported into no longer; called in a turn. */
  void ended(boolean committed) {
    volume.memory().setImporting(false);
    AbstractPool pool = volume.abstractPool();
    if (committed) {
      pool.registry().declared(volume, true);
    } else {
      pool.registry().remember(volume);
    }
  }

  private static CompletableFuture<Pin> pin(Volume source, AbstractPool importing) {
    if (source instanceof AbstractVolume known) {
      return known.pin(importing);
    }
    return source.export().thenApply(export -> new Pin(new ForeignExport(export), () -> {}));
  }
}

package io.cistern.testkit;

import io.cistern.storage.Revision;
import io.cistern.storage.StopMode;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeExport;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** What can be done with a volume about which nothing is known. */
enum UnknownVolume {
  STATE,
  INFO,
  REVISIONS,
  USAGE,
  VERIFY,
  EXPORT,
  EXPORT_REVISIONS,
  CREATE,
  START,
  STOP,
  DISCARD,
  REVERT,
  RESIZE,
  IMPORT,
  REMOVE;

  static UnknownVolume any(Random random) {
    return values()[random.nextInt(values().length)];
  }

  CompletableFuture<?> run(Volume volume) {
    return switch (this) {
      case STATE -> volume.state();
      case INFO -> volume.info();
      case REVISIONS -> volume.revisions();
      case USAGE -> volume.usage();
      case VERIFY -> volume.verify();
      case EXPORT -> volume.export().thenCompose(VolumeExport::closeAsync);
      case EXPORT_REVISIONS -> exportRevisions(volume);
      case CREATE -> volume.create();
      case START -> volume.start();
      case STOP -> volume.stop();
      case DISCARD -> volume.stop(StopMode.DISCARD);
      case REVERT -> volume.revert();
      case RESIZE -> volume.resize(2 * ConformanceTest.SIZE);
      case IMPORT -> importSome(volume);
      case REMOVE -> volume.remove();
    };
  }

  private static CompletableFuture<?> exportRevisions(Volume volume) {
    return volume
        .revisions()
        .thenCompose(
            revisions -> {
              List<CompletableFuture<Void>> all =
                  revisions.stream().map((Revision each) -> exportOne(volume, each)).toList();
              return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
            });
  }

  private static CompletableFuture<Void> exportOne(Volume volume, Revision revision) {
    return volume.export(revision.id()).thenCompose(VolumeExport::closeAsync);
  }

  private static CompletableFuture<?> importSome(Volume volume) {
    Content content = Content.random(48, ConformanceTest.SIZE);
    return volume.importFrom(GatedChannel.open(content), content.size());
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** Content on its way into a volume. */
final class ThinImport {
  private final LvmThinPool pool;
  private final VolumeLvs lvs;

  ThinImport(LvmThinPool pool, VolumeLvs lvs) {
    this.pool = pool;
    this.lvs = lvs;
  }

  /** Makes a place that reads as zeros, also where it will be written to in part only. */
  Path begin(long size) throws IOException {
    VolumeView view = lvs.settled();
    pool.checkRoom();
    boolean zeroes = LvmThinVolume.thinPool(view).zeroes();
    if (!zeroes) {
      pool.room().check(size);
    }
    lvs.setImporting(true);
    String name = view.free(lvs.names().imported());
    pool.commands().create(name, size, view.successorTags().texts());
    pool.devices().awaitPath(name);
    if (!zeroes) {
      pool.devices().zero(name, 0, size);
    }
    return pool.devices().path(name);
  }

  /** Begins an import and fills it with content of this pool: a snapshot of it. */
  void share(PinnedLv source) throws IOException {
    VolumeView view = lvs.settled();
    pool.checkRoom();
    lvs.setImporting(true);
    String name = view.free(lvs.names().imported());
    source
        .volume()
        .lvs()
        .reading(
            sourceView -> {
              String origin = find(sourceView, source).name();
              pool.commands().snapshot(origin, name, true, view.successorTags().texts());
              return origin;
            });
  }

  /** It is pinned, so it is there, but it may have become a revision, or been given up. */
  private static ThinLv find(VolumeView view, PinnedLv source) throws DriverException {
    return view.all().stream()
        .filter(lv -> lv.tags().content().equals(source.content()))
        .findFirst()
        .orElseThrow(
            () ->
                new DriverException(
                    Code.VOLUME_NOT_FOUND,
                    "the content that is being cloned is gone: somebody removed it",
                    "Import again"));
  }

  /** Ends a copy for which there is no room before the kernel lets it wait. */
  CopyProgress watching(CopyProgress progress) {
    return (done, total) -> {
      try {
        pool.checkRoom();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      progress.copied(done, total);
    };
  }

  void commit(int revisionsToKeep) throws IOException {
    VolumeView view = lvs.settled();
    ThinLv imported =
        view.imported()
            .orElseThrow(
                () ->
                    new DriverException(
                        Code.IO,
                        "the logical volume of the import is gone: somebody removed it",
                        "Import again"));
    Optional<String> holder = new LvHolders(pool.devices()).of(imported.name());
    if (holder.isPresent()) {
      throw new DriverException(
          Code.VOLUME_IN_USE,
          "%s holds %s open".formatted(holder.get(), imported.name()),
          "Let whoever writes end, then commit again");
    }
    lvs.sync(imported);
    Retention retention = Retention.keeping(revisionsToKeep);
    lvs.replace(view, imported.name(), retention);
    lvs.setImporting(false);
  }

  void abort() throws IOException {
    lvs.setImporting(false);
    lvs.dropImport();
  }
}

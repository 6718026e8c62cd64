package io.cistern.driver.lvmthin;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Content on its way into a volume. */
final class ThinImport {
  private final LvmThinPool pool;
  private final VolumeLvs lvs;

  /** What the import fills; another one may be there if an earlier import was not ended. */
  private volatile @Nullable String filled;

  ThinImport(LvmThinPool pool, VolumeLvs lvs) {
    this.pool = pool;
    this.lvs = lvs;
  }

  /** Makes a place that reads as zeros, also where it will be written to in part only. */
  Path begin(long size) throws IOException {
    VolumeView view = settled();
    boolean zeroes = LvmThinVolume.thinPool(view).zeroes();
    if (!zeroes) {
      pool.room().check(size);
    }
    List<String> tags = view.successorTags().texts();
    String name = made(view, free -> pool.commands().create(free, size, tags));
    pool.devices().awaitPath(name);
    if (!zeroes) {
      pool.devices().zero(name, 0, size);
    }
    return pool.devices().path(name);
  }

  /** Begins an import and fills it with content of this pool: a snapshot of it. */
  void share(PinnedLv source) throws IOException {
    VolumeView view = settled();
    List<String> tags = view.successorTags().texts();
    String unused =
        made(
            view,
            free ->
                source
                    .volume()
                    .lvs()
                    .reading(
                        sourceView -> {
                          String origin = find(sourceView, source).name();
                          pool.commands().snapshot(origin, free, true, tags);
                          return origin;
                        }));
  }

  /** An import that begins is the only one, even if nobody could end the one before. */
  private VolumeView settled() throws IOException {
    lvs.setImporting(false);
    VolumeView view = lvs.settled();
    pool.checkRoom();
    return view;
  }

  private String made(VolumeView view, FreeName.Naming making) throws IOException {
    lvs.setImporting(true);
    String name = lvs.named(view, lvs.names().imported(), making);
    filled = name;
    return name;
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
            .filter(lv -> lv.name().equals(filled))
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

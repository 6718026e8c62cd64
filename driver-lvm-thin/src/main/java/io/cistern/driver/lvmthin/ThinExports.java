package io.cistern.driver.lvmthin;

import io.cistern.linux.MappedDevice;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** Committed content on its way out of a volume. */
final class ThinExports {
  private final LvmThinPool pool;
  private final VolumeLvs lvs;

  /** Chooses what is read. */
  interface Choice {
    ThinLv of(VolumeView view) throws IOException;
  }

  ThinExports(LvmThinPool pool, VolumeLvs lvs) {
    this.pool = pool;
    this.lvs = lvs;
  }

  /** Makes a snapshot for a reader. */
  PinnedContent export(Choice choice) throws IOException {
    return lvs.reading(
        view -> {
          ThinLv content = choice.of(view);
          pool.checkRoom();
          String name =
              view.free(lvs.names().export(ThreadLocalRandom.current().nextInt(1, 1 << 30)));
          pool.exports().add(name);
          boolean made = false;
          try {
            LvTags tags = LvTags.fresh(lvs.names().base()).from(content.tags().identity());
            pool.commands().snapshot(content.name(), name, false, tags.texts());
            pool.devices().awaitPath(name);
            made = true;
          } finally {
            if (!made) {
              pool.exports().remove(name);
              pool.reclaimer().wake();
            }
          }
          return new ExportedLv(pool, name, pool.devices().path(name), content.size());
        });
  }

  /**
   * Keeps the content from being removed; a clone in this pool is made of it without reading it.
   */
  PinnedContent pin(LvmThinVolume volume, Choice choice) throws IOException {
    return lvs.reading(
        view -> {
          ThinLv content = choice.of(view);
          String id = content.tags().content();
          pool.pins().add(id);
          boolean pinned = false;
          try {
            lvs.activate(content.name());
            Path path = pool.devices().path(content.name());
            Optional<MappedDevice> device = pool.devices().device(content.name());
            pinned = true;
            return new PinnedLv(
                volume, id, device.map(pool.devices()::lastingPath).orElse(path), content.size());
          } finally {
            if (!pinned) {
              unpin(id);
            }
          }
        });
  }

  void unpin(String content) {
    pool.pins().remove(content);
    pool.reclaimer().wake();
  }

  /** Returns what these map together; empty if one is not active, and so does not tell. */
  OptionalLong mapped(List<ThinLv> all) throws IOException {
    long sum = 0;
    for (ThinLv each : all) {
      OptionalLong mapped = pool.devices().mapped(each.name());
      if (mapped.isEmpty()) {
        return mapped;
      }
      sum += mapped.getAsLong();
    }
    return OptionalLong.of(sum);
  }
}

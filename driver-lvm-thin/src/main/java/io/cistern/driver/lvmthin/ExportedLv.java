package io.cistern.driver.lvmthin;

import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A snapshot that was made for a reader.
 *
 * @param pool where it is
 * @param name its name
 * @param path where it can be read
 * @param size in bytes
 */
record ExportedLv(LvmThinPool pool, String name, Path path, long size) implements PinnedContent {
  /** One that is still being read is removed when that has ended. */
  @Override
  public void close() throws IOException {
    boolean open = new LvHolders(pool.devices()).of(name).isPresent();
    pool.exports().remove(name);
    if (open) {
      pool.reclaimer().wake();
    } else {
      pool.reclaimer().removeNow(List.of(name));
    }
  }
}

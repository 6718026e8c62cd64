package io.cistern.driver.lvmthin;

import io.cistern.storage.spi.PinnedContent;
import java.nio.file.Path;

/**
 * Committed content of which a clone is being made. It is not removed meanwhile, whatever becomes
 * of it.
 *
 * @param volume the volume that it is the content of, or was
 * @param content its content id
 * @param path a path that outlives every rename
 * @param size in bytes
 */
record PinnedLv(LvmThinVolume volume, String content, Path path, long size)
    implements PinnedContent {
  @Override
  public void close() {
    volume.unpin(content);
  }
}

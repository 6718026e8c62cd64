package io.cistern.storage.spi;

import io.cistern.storage.VolumeExport;
import java.nio.file.Path;

/**
 * The content of a volume that does not extend {@link AbstractVolume}.
 *
 * @param export what pins it
 */
record ForeignExport(VolumeExport export) implements PinnedContent {
  @Override
  public Path path() {
    return export.path();
  }

  @Override
  public long size() {
    return export.size();
  }

  @Override
  public void close() {
    export.close();
  }
}

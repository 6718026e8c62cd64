package io.cistern.driver.file;

import io.cistern.linux.DurableFiles;
import io.cistern.linux.LoopDevice;
import io.cistern.linux.LoopDevices;
import io.cistern.linux.OpenFile;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;

/** A session of a volatile volume: a sparse file that nobody will keep. */
final class VolatileSession {
  private final FilePool pool;
  private final FileNames names;

  VolatileSession(FilePool pool, FileNames names) {
    this.pool = pool;
    this.names = names;
  }

  void start(VolumeDirectory directory, long size) throws IOException {
    DurableFiles.make(directory.directory(), names.dirty(), size).close();
  }

  void discard(VolumeDirectory directory) throws IOException {
    directory.remove(names.dirty());
  }

  void grow(VolumeDirectory directory, long size) throws IOException {
    try (OpenFile image =
        directory
            .directory()
            .openFileIfPresent(names.dirty(), io.cistern.linux.Access.READ_WRITE)
            .orElseThrow(
                () ->
                    new DriverException(
                        Code.IO,
                        "the image %s is missing".formatted(directory.path(names.dirty())),
                        "Stop the volume"))) {
      if (image.size() != size) {
        DurableFiles.resize(image, size);
      }
      LoopDevices loops = pool.linux().loopDevices();
      for (LoopDevice loop : loops.backedBy(image.status())) {
        loops.refreshCapacity(loop);
      }
    }
  }
}

package io.cistern.driver.reflink;

import io.cistern.linux.Access;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.OpenFile;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;

/** The image of an import in progress. */
final class ImageImport {
  private final ReflinkPool pool;
  private final ImageNames names;

  /** Whether the image is of an import of this process, and not one that a dead process left. */
  private volatile boolean made;

  ImageImport(ReflinkPool pool, ImageNames names) {
    this.pool = pool;
    this.names = names;
  }

  void make(VolumeDirectory directory, long size) throws IOException {
    checkFree(directory);
    made = true;
    DurableFiles.make(directory.directory(), names.imported(), size).close();
  }

  void fill(ReadableByteChannel channel, long size, CopyProgress progress) throws IOException {
    try (VolumeDirectory directory = pool.existing(names);
        OpenFile image = open(directory)) {
      DurableFiles.fill(image, channel, size, progress::copied);
    }
  }

  /** Makes it from other content, sharing blocks where that can be. */
  void copy(PinnedContent source, VolumeDirectory directory, CopyProgress progress)
      throws IOException {
    if (source instanceof ReflinkContent own) {
      copy(own.file(), directory, progress);
    } else {
      try (OpenFile file = pool.linux().openFile(source.path(), Access.READ)) {
        copy(file, directory, progress);
      }
    }
  }

  private void copy(OpenFile source, VolumeDirectory directory, CopyProgress progress)
      throws IOException {
    checkFree(directory);
    made = true;
    DurableFiles.cloneOrCopy(
            source, directory.directory(), names.imported(), progress::copied, pool.expectation())
        .close();
  }

  /** Makes it durable, and its size a multiple of the granule; nobody may write to it any more. */
  void finish(VolumeDirectory directory) throws IOException {
    try (OpenFile image = open(directory)) {
      Optional<String> holder = pool.holders().of(image);
      if (holder.isPresent()) {
        throw new DriverException(
            Code.VOLUME_IN_USE,
            "%s still has %s open".formatted(holder.get(), image.path()),
            "Close what writes it, then commit again");
      }
      long size = image.size();
      if (size == 0) {
        throw new DriverException(
            Code.INVALID_ARGUMENT, image.path() + " is empty", "Import at least one byte");
      }
      if (size != pool.roundedUp(size)) {
        DurableFiles.resize(image, pool.roundedUp(size));
      }
      image.sync();
    }
  }

  void remove(VolumeDirectory directory) throws IOException {
    if (made) {
      directory.remove(names.imported());
      made = false;
    }
  }

  /** A sweep leaves what somebody holds: such as a program that fills it for a dead process. */
  private void checkFree(VolumeDirectory directory) throws IOException {
    made = false;
    if (directory.image(names.imported()).isPresent()) {
      Optional<String> holder = pool.holders().of(directory.directory(), names.imported());
      throw new DriverException(
          Code.VOLUME_IN_USE,
          "%s is what an earlier import left, and %s has it open"
              .formatted(directory.path(names.imported()), holder.orElse("somebody")),
          "End what writes to it, then import again");
    }
  }

  private OpenFile open(VolumeDirectory directory) throws IOException {
    return directory.directory().openFile(names.imported(), Access.READ_WRITE);
  }
}

package io.cistern.driver.file;

import io.cistern.linux.Access;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.CopyListener;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.CopyProgress;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.PinnedContent;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.Optional;

/** The image of an import in progress. */
final class ImageImport {
  private final FilePool pool;
  private final FileNames names;

  /** Whether the image is of an import of this process, and not one that a dead process left. */
  private volatile boolean made;

  ImageImport(FilePool pool, FileNames names) {
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
    checkFree(directory);
    made = true;
    CopyListener listener = progress::copied;
    if (source instanceof PinnedView own) {
      copyView(own, directory, listener);
      return;
    }
    try (OpenFile file = pool.linux().openFile(source.path(), Access.READ)) {
      DurableFiles.cloneOrCopy(
              file,
              directory.directory(),
              names.imported(),
              listener,
              CloneExpectation.COPY_WILL_DO)
          .close();
    }
  }

  /** A view can't tell its holes, but where its base has one, it has too. */
  private void copyView(PinnedView source, VolumeDirectory directory, CopyListener listener)
      throws IOException {
    String name = names.imported();
    try (Undo undo = new Undo();
        OpenFile image = DurableFiles.make(directory.directory(), name, source.size())) {
      undo.push(() -> directory.remove(name));
      DurableFiles.sparseCopy(source.view(), source.base(), image, listener);
      undo.disarm();
    }
  }

  /** Makes it the content of the volume; nobody may write to it any more. */
  void commit(VolumeDirectory directory, Layers layers, boolean keep, Instant now)
      throws IOException {
    long size;
    try (OpenFile image = open(directory)) {
      size = finish(image);
    }
    DurableFiles.move(directory.directory(), names.imported(), names.next());
    new Replacement(layers).replace(directory, size, keep, now);
  }

  private long finish(OpenFile image) throws IOException {
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
    long rounded = pool.roundedUp(size);
    if (size != rounded) {
      DurableFiles.resize(image, rounded);
    }
    image.sync();
    return rounded;
  }

  void remove(VolumeDirectory directory) throws IOException {
    if (made) {
      directory.remove(names.imported());
      directory.remove(names.next());
      made = false;
    }
  }

  /**
   * A settlement leaves what somebody holds: such as a program that fills it for a dead process.
   */
  private void checkFree(VolumeDirectory directory) throws IOException {
    made = false;
    if (directory.has(names.imported())) {
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

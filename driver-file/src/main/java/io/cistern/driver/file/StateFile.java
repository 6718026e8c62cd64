package io.cistern.driver.file;

import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.Errno;
import io.cistern.linux.FileStatus;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that {@link Recorded} is in. It changes places with a spare file beside it that was
 * written anew, and is durable before anything is done that follows from it.
 */
final class StateFile {
  private static final Logger log = LoggerFactory.getLogger(StateFile.class);
  private static final int MAX_BYTES = 4096;

  /**
   * What a file said; it is replaced as a whole, so another one is another inode.
   *
   * @param puts how many records had been begun when it was read
   */
  private record Known(long puts, FileStatus status, Recorded recorded) {
    boolean isOf(long now, FileStatus other) {
      return puts == now
          && status.sameInode(other)
          && status.size() == other.size()
          && status.modified().equals(other.modified());
    }
  }

  private volatile @Nullable Known known;

  /**
   * How many records were begun. Who reads has no lock: the file that it has opened becomes the
   * spare by one record, and is written anew by the next one. So what it has read is good only if
   * none was begun meanwhile. Who writes has the lock.
   */
  private final AtomicLong puts = new AtomicLong();

  /** Set if the directory could not be synced; whatever is done next has that to do first. */
  private volatile boolean unsynced;

  /**
   * What was recorded before a change that failed, and could not be recorded again: it holds as
   * long as this process lives, and whatever is done next records it first.
   */
  private volatile @Nullable Recorded heldBack;

  /** What is in a file. */
  private record Text(FileStatus status, String text) {}

  /**
   * Reads what is recorded; empty if there is nothing. A power cut may leave the name of a
   * snapshot's record without its bytes, since nothing of a snapshot is synced: without an image,
   * what can't be read is nothing.
   */
  Optional<Recorded> read(VolumeDirectory directory) throws IOException {
    Recorded held = heldBack;
    if (held != null) {
      return Optional.of(held);
    }
    while (true) {
      long begun = puts.get();
      Optional<FileStatus> status = directory.file(directory.names().state());
      Known last = known;
      if (status.isEmpty()) {
        return Optional.empty();
      }
      if (last != null && last.isOf(begun, status.get())) {
        return Optional.of(last.recorded);
      }
      // Before the bytes are: an image that comes later comes with another record.
      boolean hasImage = hasImage(directory);
      Optional<Text> text = text(directory);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      if (puts.get() == begun) {
        Optional<Recorded> recorded = recorded(directory, text.get(), hasImage);
        recorded.ifPresent(read -> known = new Known(begun, text.get().status, read));
        return recorded;
      }
    }
  }

  private static Optional<Text> text(VolumeDirectory directory) throws IOException {
    Optional<OpenFile> present =
        directory.directory().openFileIfPresent(directory.names().state(), Access.READ);
    if (present.isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile file = present.get()) {
      String text = text(file);
      return Optional.of(new Text(file.status(), text));
    }
  }

  private static boolean hasImage(VolumeDirectory directory) throws IOException {
    // In this order: the next image becomes the base.
    return directory.has(directory.names().next()) || directory.has(directory.names().base());
  }

  private static Optional<Recorded> recorded(VolumeDirectory directory, Text text, boolean hasImage)
      throws DriverException {
    try {
      return Optional.of(RecordedText.read(text.text));
    } catch (IllegalArgumentException | DateTimeException e) {
      if (!hasImage) {
        return Optional.empty();
      }
      throw new DriverException(
          Code.IO,
          "%s can't be read: %s"
              .formatted(directory.path(directory.names().state()), e.getMessage()),
          "Restore it from a backup; docs/operations.md tells what to do without one",
          e);
    }
  }

  /** Does what an earlier change could not. */
  void settle(VolumeDirectory directory) throws IOException {
    Recorded held = heldBack;
    if (held != null) {
      put(directory, held, true);
      heldBack = null;
    }
    if (unsynced) {
      directory.directory().sync();
      unsynced = false;
    }
  }

  /**
   * Removes a record that can't be read and counts as none, durably: it would be taken for a
   * damaged one as soon as there is an image. Needs the lock.
   */
  void removeTorn(VolumeDirectory directory) throws IOException {
    if (read(directory).isEmpty() && directory.remove(directory.names().state())) {
      directory.directory().sync();
    }
  }

  /**
   * Records durably, with every name that was changed in the directory before. If that fails, the
   * record is the earlier one again.
   */
  void write(VolumeDirectory directory, Recorded recorded, Optional<Recorded> earlier)
      throws IOException {
    settle(directory);
    put(directory, recorded, true);
    try {
      directory.directory().sync();
    } catch (IOException e) {
      takeBack(directory, earlier, e);
    }
    makeSpare(directory);
  }

  /** Records what need not be durable before the next durable record. */
  void writeLazily(VolumeDirectory directory, Recorded recorded) throws IOException {
    settle(directory);
    put(directory, recorded, true);
    makeSpare(directory);
  }

  /** Records what a crash may discard, and whoever reads it can do without. */
  void writeUnsynced(VolumeDirectory directory, Recorded recorded) throws IOException {
    put(directory, recorded, false);
  }

  /** Nothing follows from the record yet, so that it can be taken back. */
  private void takeBack(VolumeDirectory directory, Optional<Recorded> earlier, IOException failure)
      throws IOException {
    unsynced = true;
    try {
      if (earlier.isPresent()) {
        heldBack = earlier.get();
        put(directory, earlier.get(), true);
        heldBack = null;
      } else {
        directory.remove(directory.names().state());
        directory.remove(directory.names().unfinishedState());
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    log.warn("{} is not durable: {}", directory.path(directory.names().state()), failure);
    throw failure;
  }

  private void put(VolumeDirectory directory, Recorded recorded, boolean durable)
      throws IOException {
    puts.incrementAndGet();
    Directory files = directory.directory();
    String unfinished = directory.names().unfinishedState();
    boolean isFirst = !directory.has(directory.names().state());
    boolean done = false;
    try (OpenFile file = spare(files, unfinished)) {
      file.write(padded(RecordedText.write(recorded)), 0);
      if (durable) {
        file.sync();
      }
      takeEffect(directory, isFirst);
      done = true;
    } finally {
      if (!done && isFirst) {
        files.unlinkIfPresent(unfinished);
      }
    }
  }

  /** The earlier record becomes the spare: a full file system may have no room for another. */
  private static void takeEffect(VolumeDirectory directory, boolean isFirst) throws IOException {
    String unfinished = directory.names().unfinishedState();
    String state = directory.names().state();
    if (!isFirst) {
      try {
        directory.directory().exchange(unfinished, state);
        return;
      } catch (SystemCallException e) {
        // Not every file system can.
        if (!e.errno().equals(Errno.EINVAL) && !e.errno().equals(Errno.ENOSYS)) {
          throw e;
        }
      }
    }
    directory.directory().rename(unfinished, state);
  }

  /** Always as long, so that a record never needs a block that an earlier one did not. */
  private static ByteBuffer padded(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] padded = new byte[MAX_BYTES];
    Arrays.fill(padded, (byte) '\n');
    System.arraycopy(bytes, 0, padded, 0, bytes.length);
    return ByteBuffer.wrap(padded);
  }

  private static OpenFile spare(Directory files, String name) throws IOException {
    Optional<OpenFile> present = files.openFileIfPresent(name, Access.READ_WRITE);
    return present.isPresent() ? present.get() : files.createFile(name);
  }

  /**
   * Makes sure that the next record finds room: it has to, on a file system that is full by then,
   * for a session to be dropped (rule 1002).
   */
  private static void makeSpare(VolumeDirectory directory) {
    String name = directory.names().unfinishedState();
    try {
      if (directory.directory().status(name).isEmpty()) {
        try (OpenFile file = directory.directory().createFile(name)) {
          file.allocate(0, MAX_BYTES);
        }
      }
    } catch (IOException e) {
      log.debug("no room is kept for the next record: {}", e.getMessage());
    }
  }

  private static String text(OpenFile file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
    while (buffer.hasRemaining() && file.read(buffer, buffer.position()) > 0) {
      // A read may give less than there is.
    }
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }
}

package io.cistern.driver.file;

import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that {@link Recorded} is in. It is replaced by a rename, and durable before anything is
 * done that follows from it.
 */
final class StateFile {
  private static final Logger log = LoggerFactory.getLogger(StateFile.class);
  private static final int MAX_BYTES = 4096;

  /** Set if the directory could not be synced; whatever is done next has that to do first. */
  private volatile boolean unsynced;

  /** Reads what is recorded; empty if there is nothing. */
  Optional<Recorded> read(VolumeDirectory directory) throws IOException {
    String name = directory.names().state();
    Optional<OpenFile> present = directory.directory().openFileIfPresent(name, Access.READ);
    if (present.isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile file = present.get()) {
      return Optional.of(RecordedText.read(text(file)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new DriverException(
          Code.IO,
          "%s can't be read: %s".formatted(directory.path(name), e.getMessage()),
          "Restore it from a backup; docs/operations.md tells what it has to say",
          e);
    }
  }

  /** Does what an earlier change could not. */
  void settle(VolumeDirectory directory) throws IOException {
    if (unsynced) {
      directory.directory().sync();
      unsynced = false;
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
  }

  /** Records what need not be durable before the next durable record. */
  void writeLazily(VolumeDirectory directory, Recorded recorded) throws IOException {
    settle(directory);
    put(directory, recorded, true);
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
        put(directory, earlier.get(), true);
      } else {
        directory.remove(directory.names().state());
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
    log.warn("{} is not durable: {}", directory.path(directory.names().state()), failure);
    throw failure;
  }

  private static void put(VolumeDirectory directory, Recorded recorded, boolean durable)
      throws IOException {
    Directory files = directory.directory();
    String unfinished = directory.names().unfinishedState();
    files.unlinkIfPresent(unfinished);
    try (Undo undo = new Undo();
        OpenFile file = files.createFile(unfinished)) {
      undo.push(() -> files.unlinkIfPresent(unfinished));
      byte[] text = RecordedText.write(recorded).getBytes(StandardCharsets.UTF_8);
      file.write(ByteBuffer.wrap(text), 0);
      if (durable) {
        file.sync();
      }
      files.rename(unfinished, directory.names().state());
      undo.disarm();
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

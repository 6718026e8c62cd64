package io.cistern.directory;

import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/**
 * What {@code setup} leaves in a pool's directory. A directory without it is no pool: the file
 * system that holds the pool is not mounted there, or it was never set up.
 *
 * @param madeDirectories how many directories, from the pool's own upwards, setup made
 * @param reflinks whether clones share blocks here, as setup found out
 */
record PoolMarker(int madeDirectories, boolean reflinks) {
  static final String NAME = ".cistern-pool";
  private static final String UNFINISHED = ".cistern-pool~";
  private static final String FORMAT = "1";
  private static final int MAX_BYTES = 4096;

  static Optional<PoolMarker> read(Directory directory) throws IOException {
    Optional<OpenFile> present = directory.openFileIfPresent(NAME, Access.READ);
    if (present.isEmpty()) {
      return Optional.empty();
    }
    try (OpenFile file = present.get()) {
      return Optional.of(parse(directory, text(file)));
    }
  }

  /** Removes what a setup that was killed has left. */
  static void removeRemains(Directory directory) throws IOException {
    directory.unlinkIfPresent(UNFINISHED);
  }

  /** Writes the marker durably, in place of one that is there. */
  void write(Directory directory) throws IOException {
    directory.unlinkIfPresent(UNFINISHED);
    try (Undo undo = new Undo()) {
      undo.push(() -> directory.unlinkIfPresent(UNFINISHED));
      try (OpenFile file = directory.createFile(UNFINISHED)) {
        file.write(ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)), 0);
        file.sync();
      }
      boolean first = directory.status(NAME).isEmpty();
      directory.rename(UNFINISHED, NAME);
      if (first) {
        undo.push(() -> directory.unlinkIfPresent(NAME));
      }
      directory.sync();
      undo.disarm();
    }
  }

  private String text() {
    return """
        # Cistern keeps the disks of virtual machines here, one for each *.img.
        # This file tells that the pool is mounted; made by setup, removed by destroy.
        format=%s
        made_directories=%d
        reflinks=%s
        """
        .formatted(FORMAT, madeDirectories, reflinks ? "yes" : "no");
  }

  private static String text(OpenFile file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
    while (buffer.hasRemaining() && file.read(buffer, buffer.position()) > 0) {
      // A read may give less than there is.
    }
    return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
  }

  private static PoolMarker parse(Directory directory, String text) throws IOException {
    try {
      Properties entries = new Properties();
      entries.load(new StringReader(text));
      if (FORMAT.equals(entries.getProperty("format"))) {
        return new PoolMarker(
            Integer.parseInt(entries.getProperty("made_directories", "0")),
            "yes".equals(entries.getProperty("reflinks")));
      }
    } catch (IllegalArgumentException e) {
      throw unreadable(directory, e);
    }
    throw unreadable(directory, null);
  }

  private static DriverException unreadable(
      Directory directory, @org.jspecify.annotations.Nullable Exception cause) {
    return new DriverException(
        Code.POOL_NOT_READY,
        "the marker %s is damaged, or of a newer format".formatted(directory.path().resolve(NAME)),
        "Use the Cistern that wrote it; if it is damaged, remove it and call setup() again",
        cause);
  }
}

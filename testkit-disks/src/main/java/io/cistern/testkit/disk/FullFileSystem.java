package io.cistern.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Takes all the space that a file system has left, until it is closed. */
public final class FullFileSystem implements AutoCloseable {
  private final Path ballast;

  /** Takes it all. */
  public FullFileSystem(Path directory) throws IOException {
    this.ballast = Files.createTempDirectory(directory, "ballast");
    try {
      for (long bytes = 1L << 31; bytes >= 4096; bytes /= 2) {
        allocateAll(bytes);
      }
      writeAll();
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void allocateAll(long bytes) throws IOException {
    for (int i = 0; i < 64; i++) {
      Path file = ballast.resolve(bytes + "-" + i);
      try {
        Command.run("fallocate", "--length", Long.toString(bytes), file.toString());
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains("No space left")) {
          throw e;
        }
        Files.deleteIfExists(file);
        return;
      }
    }
  }

  /** What can't be allocated in blocks can sometimes be written still. */
  private void writeAll() throws IOException {
    Path file = ballast.resolve("rest");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] bytes = new byte[4096];
      java.util.Arrays.fill(bytes, (byte) 1);
      for (int i = 0; i < 4096; i++) {
        channel.write(ByteBuffer.wrap(bytes));
      }
      channel.force(true);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(ballast)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(ballast);
  }
}

package io.cistern.testkit.memory;

import io.cistern.storage.spi.Step;
import io.cistern.storage.spi.StepProbe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the driver does to files: each is a step for the probe and a line in the log. */
final class MemoryFiles {
  /** Blocking work of one step. */
  interface Action {
    void run() throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(MemoryFiles.class);
  private static final List<String> NEEDS_SPACE = List.of("ENOSPC", "EIO");
  private static final List<String> NEEDS_NO_SPACE = List.of("EIO");

  private final String pool;
  private final StepProbe probe;

  MemoryFiles(String pool, StepProbe probe) {
    this.pool = pool;
    this.probe = probe;
  }

  void createDirectories(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      step("mkdir", directory, NEEDS_SPACE, () -> Files.createDirectories(directory));
    }
  }

  /** Makes a file that reads as zeros; not durable by itself, and nor are the next three. */
  void create(Path file, long size) throws IOException {
    step("create", file, NEEDS_SPACE, () -> Files.createFile(file));
    resize(file, size);
  }

  /** Makes a file with these bytes, durably. */
  void write(Path file, byte[] bytes) throws IOException {
    step("write", file, NEEDS_SPACE, () -> Files.write(file, bytes));
    sync(file);
  }

  /** Copies a file. */
  void copy(Path from, Path to) throws IOException {
    step("copy", from + " to " + to, NEEDS_SPACE, () -> Files.copy(from, to));
  }

  /** Gives a file a second name. */
  void link(Path from, Path to) throws IOException {
    step("link", from + " to " + to, NEEDS_SPACE, () -> Files.createLink(to, from));
  }

  /** Gives a file another name, in one atomic step, and replaces what has that name. */
  void rename(Path from, Path to) throws IOException {
    step(
        "rename",
        from + " to " + to,
        NEEDS_NO_SPACE,
        () ->
            Files.move(
                from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING));
  }

  /** Gives a file this size; what is new of it reads as zeros. */
  void resize(Path file, long size) throws IOException {
    step(
        "resize",
        file + " to " + size,
        NEEDS_SPACE,
        () -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            if (channel.size() < size) {
              channel.write(ByteBuffer.allocate(1), size - 1);
            }
          }
        });
  }

  /** Makes durable what is in a file. */
  void sync(Path file) throws IOException {
    step(
        "sync",
        file,
        NEEDS_SPACE,
        () -> {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        });
  }

  /** Removes a file or an empty directory, if it is there. */
  void delete(Path file) throws IOException {
    if (Files.exists(file)) {
      step("delete", file, NEEDS_NO_SPACE, () -> Files.delete(file));
    }
  }

  /** Removes a directory, unless somebody has put something into it. */
  void deleteIfEmpty(Path directory) throws IOException {
    try {
      delete(directory);
    } catch (DirectoryNotEmptyException e) {
      log.debug("{} stays: it is not empty", directory);
    }
  }

  /** Lets an image be filled. */
  void fill(Path file, Action action) throws IOException {
    step("fill", file, NEEDS_SPACE, action);
  }

  /** Does one step, unless the probe says how it is to fail. */
  private void step(String name, Object detail, List<String> errors, Action action)
      throws IOException {
    Step step = new Step(pool, Step.Kind.SYSTEM_CALL, name, detail.toString(), errors);
    Optional<String> failure = probe.before(step);
    try {
      if (failure.isPresent()) {
        throw new FileSystemException(detail.toString(), null, name + ": " + failure.get());
      }
      action.run();
      log.info("{} {}", name, detail);
    } catch (IOException e) {
      failure = Optional.of(failure.orElse("EIO"));
      throw e;
    } finally {
      probe.after(step, failure);
    }
  }
}

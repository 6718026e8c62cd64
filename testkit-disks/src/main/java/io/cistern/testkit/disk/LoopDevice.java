package io.cistern.testkit.disk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A loop device that a test attaches to an image, as a VM manager would. */
public record LoopDevice(Path path) implements AutoCloseable {
  /** What an attribute can't be read with at the moment in which the system takes it away. */
  private static final String BEING_DETACHED = "No such device";

  /** Attaches one to an image. */
  public static LoopDevice attach(Path image) throws IOException {
    return new LoopDevice(Path.of(Command.run("losetup", "--find", "--show", image.toString())));
  }

  /** Lists those whose backing file lies below a directory. */
  public static List<String> backedBelow(Path directory) throws IOException {
    return backedBy(file -> file.startsWith(directory + "/"));
  }

  /** Lists those on this file. */
  public static List<String> backedBy(Path file) throws IOException {
    return backedBy(file.toString()::equals);
  }

  private static List<String> backedBy(Predicate<String> file) throws IOException {
    List<String> loops = new ArrayList<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path device : devices) {
        Path backing = device.resolve("loop/backing_file");
        if (fileOf(backing).filter(file).isPresent()) {
          loops.add("/dev/" + device.getFileName());
        }
      }
    }
    return loops;
  }

  /** Returns its size, its file, and what else the kernel tells of one; not whether it is used. */
  public static String attributes(String loop) throws IOException {
    return Command.run("losetup", "--list", "--noheadings", "--raw", "--output-all", loop)
        + Files.readString(Path.of("/sys/block", loop.substring("/dev/".length()), "size"));
  }

  /** Empty for a device that is not attached, or no more. */
  private static Optional<String> fileOf(Path attribute) throws IOException {
    try {
      return Optional.of(Files.readString(attribute).stripTrailing());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (BEING_DETACHED.equals(e.getMessage())) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Returns the size in bytes. */
  public long size() throws IOException {
    return Long.parseLong(Command.run("blockdev", "--getsize64", path.toString()));
  }

  @Override
  public void close() throws IOException {
    Command.run("losetup", "--detach", path.toString());
  }
}

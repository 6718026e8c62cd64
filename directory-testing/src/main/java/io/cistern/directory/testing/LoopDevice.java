package io.cistern.directory.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A loop device that a test attaches to an image, as a VM manager would. */
public record LoopDevice(Path path) implements AutoCloseable {
  /** Attaches one to an image. */
  public static LoopDevice attach(Path image) throws IOException {
    return new LoopDevice(Path.of(Command.run("losetup", "--find", "--show", image.toString())));
  }

  /** Lists those whose backing file lies below a directory. */
  public static List<String> backedBelow(Path directory) throws IOException {
    List<String> loops = new ArrayList<>();
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path device : devices) {
        Path backing = device.resolve("loop/backing_file");
        if (Files.exists(backing) && Files.readString(backing).startsWith(directory + "/")) {
          loops.add("/dev/" + device.getFileName());
        }
      }
    }
    return loops;
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

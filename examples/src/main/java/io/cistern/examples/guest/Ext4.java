package io.cistern.examples.guest;

import io.cistern.examples.guest.Command.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An ext4 in a disk image. Its files are read and written where a guest would have mounted it, with
 * e2fsprogs, which needs neither root nor a mount.
 *
 * @param image the file or device that holds it
 */
public record Ext4(Path image) {
  /** Makes a file system as large as the image, which exists. */
  public static Ext4 make(Path image, String label) throws IOException {
    new Command("mke2fs", "-q", "-F", "-t", "ext4", "-L", label, image).run();
    return new Ext4(image);
  }

  /** Makes an image of so many bytes with the files of a directory. */
  public static Ext4 make(Path image, String label, Path files, long size) throws IOException {
    new Command("mke2fs", "-q", "-F", "-t", "ext4", "-L", label, "-d", files, image)
        .and(size / 1024 + "k")
        .run();
    return new Ext4(image);
  }

  /** Reads a text file; empty if there is none of that name. */
  public Optional<String> read(String path) throws IOException {
    Command command = new Command("debugfs", "-R", "cat " + path, image);
    Result result = command.tryToRun();
    List<String> complaints = complaints(result);
    if (complaints.isEmpty() && result.exitCode() == 0) {
      return Optional.of(result.output());
    }
    if (complaints.stream().allMatch(line -> line.contains("File not found"))) {
      return Optional.empty();
    }
    throw command.failed(result);
  }

  /** Makes or replaces a text file in a directory that exists. */
  public void write(String path, String text) throws IOException {
    if (read(path).isPresent()) {
      change("rm " + path);
    }
    Path file = Files.createTempFile("cistern-guest", ".txt");
    try {
      Files.writeString(file, text);
      change("write \"%s\" %s".formatted(file, path));
    } finally {
      Files.delete(file);
    }
  }

  private void change(String request) throws IOException {
    Command command = new Command("debugfs", "-w", "-R", request, image);
    Result result = command.tryToRun();
    // It ends with 0 whatever happens.
    if (result.exitCode() != 0 || !complaints(result).isEmpty()) {
      throw command.failed(result);
    }
  }

  /** Returns what was written to standard error besides the program's name and version. */
  private static List<String> complaints(Result result) {
    return result.errors().lines().filter(line -> !line.startsWith("debugfs 1.")).toList();
  }
}

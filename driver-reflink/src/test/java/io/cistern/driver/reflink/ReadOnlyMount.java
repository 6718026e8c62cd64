package io.cistern.driver.reflink;

import io.cistern.testkit.disk.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A second, read-only view of a directory. */
final class ReadOnlyMount implements AutoCloseable {
  private final Path path;

  ReadOnlyMount(Path directory) throws IOException {
    this.path = Files.createTempDirectory("read-only");
    Command.run("mount", "--bind", directory.toString(), path.toString());
    Command.run("mount", "-o", "remount,bind,ro", path.toString());
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Command.run("umount", path.toString());
    Files.delete(path);
  }
}

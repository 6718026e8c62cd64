package io.cistern.driver.lvmthin;

import io.cistern.testkit.PoolFixture.Hanging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A program that becomes another one: at once or, if it is to hang, when it is told to. */
final class HangingProgram implements Hanging {
  private final Path directory;

  private HangingProgram(Path directory) {
    this.directory = directory;
  }

  /** Makes one that becomes this program. */
  static HangingProgram of(Path program) throws IOException {
    Path directory = Files.createTempDirectory("hanging");
    HangingProgram made = new HangingProgram(directory);
    Files.write(
        made.path(),
        List.of(
            "#!/bin/sh",
            "cd " + directory + " || exit 1",
            "if [ -e next ] && mv next hangs; then",
            "  echo $$ > process.new && mv process.new process",
            "  while [ -e hangs ]; do sleep 0.1; done",
            "fi",
            "cd /",
            "exec " + program + " \"$@\""));
    Files.setPosixFilePermissions(made.path(), PosixFilePermissions.fromString("rwx------"));
    return made;
  }

  /** Returns where it is. */
  Path path() {
    return directory.resolve("lvm");
  }

  @Override
  public void hangNext() throws IOException {
    Files.createFile(directory.resolve("next"));
  }

  @Override
  public OptionalLong process() {
    Optional<ProcessHandle> found = found();
    return found.isPresent() ? OptionalLong.of(found.get().pid()) : OptionalLong.empty();
  }

  private Optional<ProcessHandle> found() {
    try {
      Path file = directory.resolve("process");
      return Files.exists(file)
          ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
              .filter(ProcessHandle::isAlive)
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void letGo() throws IOException {
    Optional<ProcessHandle> process = found();
    for (String name : List.of("next", "hangs", "process")) {
      Files.deleteIfExists(directory.resolve(name));
    }
    process.ifPresent(it -> it.onExit().join());
  }

  /** Removes it; nothing hangs. */
  void remove() throws IOException {
    Files.deleteIfExists(path());
    Files.delete(directory);
  }
}

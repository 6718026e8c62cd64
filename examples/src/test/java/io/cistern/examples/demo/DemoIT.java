package io.cistern.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.examples.TestPlaces;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the demonstration as dev/demo does: as a module, in a process of its own. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DemoIT {
  private record Run(int exitCode, String output) {}

  @TempDir Path temporary;

  @Test
  void onBtrfsTheDemoRunsAsItSays() throws Exception {
    Path directory = TestPlaces.newDirectoryOn("btrfs");

    Run run = run("--root-mib=32", directory.toString());

    assertThat(run.output())
        .contains("file system   btrfs", "clones, which share their blocks")
        .contains("[ok] alice's change to her root disk is gone")
        .contains("In the tree below, dave's private.img has no blocks of its own.");
    assertCompleted(run, directory);
  }

  @Test
  void onXfsTheDemoRunsAsItSays() throws Exception {
    Path directory = TestPlaces.newDirectoryOn("xfs");

    Run run = run("--root-mib=32", directory.toString());

    assertThat(run.output()).contains("file system   xfs", "clones, which share their blocks");
    assertCompleted(run, directory);
  }

  @Test
  void inAnyDirectoryTheDemoRunsWithCopies() throws Exception {
    Run run = run("--root-mib=32", "--setup-check=no", "--no-loop", temporary.toString());

    assertThat(run.output()).contains("the image that is attached has its new size");
    assertCompleted(run, temporary);
  }

  @Test
  void theVolumesStayIfTheyAreToBeKept() throws Exception {
    Run run = run("--root-mib=32", "--setup-check=no", "--keep", temporary.toString());

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(temporary.resolve("pool/vm-templates/demo/root.img")).isRegularFile();
  }

  @Test
  void aFileInTheWayOfThePoolFailsTheDemo() throws Exception {
    Files.createFile(temporary.resolve("pool"));

    Run run = run("--setup-check=no", temporary.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("FAILED: pool demo: cannot ");
  }

  @Test
  void anUnknownOptionIsRefusedWithTheKnownOnes() throws Exception {
    Run run = run("--fast", temporary.toString());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).contains("Unknown option --fast", "--keep");
  }

  private static void assertCompleted(Run run, Path directory) {
    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output())
        .contains("-- 1  A directory becomes a pool --")
        .contains("-- 11  Everything is removed --")
        .contains("[ok] the directory, which setup made, is gone")
        .contains("[LOCKED]", "[INVALID_ARGUMENT]", "[VOLUME_IN_USE]")
        .contains("-- Summary --")
        .doesNotContain("WARN", "ERROR");
    assertThat(directory.resolve("pool")).doesNotExist();
  }

  private Run run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("--module-path", String.join(File.pathSeparator, modules())));
    command.addAll(List.of("--module", "io.cistern.examples/" + Demo.class.getName()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("demo", ".txt");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        int exitCode = process.waitFor();
        return new Run(exitCode, Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
      }
    } finally {
      Files.delete(output);
    }
  }

  /** Returns what the build has made by now: the classes, and beside them what they need. */
  private static List<String> modules() {
    // Failsafe runs on the jar, or on the classes; both are in target.
    Path code = Path.of(Demo.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    Path target = code.getParent();
    return List.of(target.resolve("classes").toString(), target.resolve("modules").toString());
  }
}

package io.cistern.driver.reflink;

import static org.assertj.core.api.Assertions.assertThat;

import io.cistern.directory.testing.ChildProcess;
import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.Storage;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("As strace sees it")
class SystemCallsIT {
  private static final String CLONES = "FICLONE";
  private static final String SYNCS = "sync(";

  @ParameterizedTest
  @EnumSource(
      value = FileSystemUnderTest.class,
      names = {"BTRFS", "XFS"})
  void aStartClonesOnceAndACommitNever(FileSystemUnderTest fileSystem) throws Exception {
    Map<String, List<String>> calls = trace(fileSystem);

    assertThat(calls.get("start origin")).filteredOn(call -> call.contains(CLONES)).hasSize(1);
    assertThat(calls.get("stop origin")).noneMatch(call -> call.contains(CLONES));
    assertThat(calls.get("start snapshot")).filteredOn(call -> call.contains(CLONES)).hasSize(1);
    assertThat(calls.get("stop snapshot")).noneMatch(call -> call.contains(CLONES));
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void snapshotsAndVolatileVolumesSyncNothing(FileSystemUnderTest fileSystem) throws Exception {
    Map<String, List<String>> calls = trace(fileSystem);

    for (String act :
        List.of("start snapshot", "stop snapshot", "start volatile", "stop volatile")) {
      assertThat(calls.get(act)).as(act).isNotNull().noneMatch(call -> call.contains(SYNCS));
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemUnderTest.class)
  void anOriginSyncsFileAndDirectoryOnceAtStartAndOnceAtCommit(FileSystemUnderTest fileSystem)
      throws Exception {
    Map<String, List<String>> calls = trace(fileSystem);

    assertThat(calls.get("start origin")).filteredOn(call -> call.contains(SYNCS)).hasSize(2);
    assertThat(calls.get("stop origin")).filteredOn(call -> call.contains(SYNCS)).hasSize(2);
  }

  /** Runs a child under strace; returns the calls of its second round by act. */
  private static Map<String, List<String>> trace(FileSystemUnderTest fileSystem) throws Exception {
    try (Disks disks = Disks.on(fileSystem)) {
      disks.closeStorage();
      Path log = disks.base().resolve("strace.log");
      List<String> strace =
          List.of(
              "strace",
              "-f",
              "-q",
              "-s",
              "200",
              "-o",
              log.toString(),
              "-e",
              "signal=none",
              "-e",
              "trace=ioctl,fsync,fdatasync,syncfs,sync,write");
      String check = disks.config().get("setup_check").orElseThrow();
      try (ChildProcess child =
          ChildProcess.start(strace, Acts.class, disks.directory().toString(), check)) {
        assertThat(child.awaitEnd()).isZero();
      }
      return byAct(Files.readAllLines(log, StandardCharsets.ISO_8859_1));
    }
  }

  private static Map<String, List<String>> byAct(List<String> lines) {
    Map<String, List<String>> calls = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : lines) {
      int mark = line.indexOf("\"act: ");
      if (mark >= 0) {
        current = new ArrayList<>();
        calls.put(line.substring(mark + 6, line.indexOf('.', mark)), current);
      } else if (!line.contains("resumed>")) {
        current.add(line);
      }
    }
    return calls;
  }

  /** What runs under strace; the first round makes directories and warms up. */
  static final class Acts {
    public static void main(String[] arguments) throws IOException {
      try (Storage storage = Storage.builder().build()) {
        Pool pool =
            storage
                .open(
                    PoolConfig.builder("vms", "file-reflink")
                        .set("dir_path", arguments[0])
                        .set("setup_check", arguments[1])
                        .build())
                .join();
        Volume origin = pool.volume(VolumeConfig.origin("vm", "root").size(1 << 20).build());
        origin.create().join();
        Volume snapshot =
            pool.volume(VolumeConfig.snapshot("vm2", "root").source(origin.id()).build());
        Volume scratch =
            pool.volume(VolumeConfig.volatileVolume("vm2", "swap").size(1 << 20).build());
        for (int round = 0; round < 2; round++) {
          run("origin", origin);
          run("snapshot", snapshot);
          run("volatile", scratch);
        }
        System.out.println("act: end.");
      }
    }

    private static void run(String name, Volume volume) throws IOException {
      System.out.println("act: start " + name + ".");
      Path image = volume.start().join().path();
      System.out.println("act: write " + name + ".");
      Disks.write(image, 0, "some text");
      System.out.println("act: stop " + name + ".");
      volume.stop().join();
    }
  }
}

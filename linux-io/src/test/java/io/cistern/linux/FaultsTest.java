package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every call fails with every error, and the process dies at every call. */
class FaultsTest {
  @TempDir Path path;

  @BeforeEach
  void createPool() throws IOException {
    reset();
  }

  @Test
  void everyCallThatTheModuleMakesKnowsItsErrors() throws IOException {
    List<SystemCall> calls = record();

    assertThat(calls).allSatisfy(call -> assertThat(call.errors()).isNotEmpty());
    assertThat(calls.stream().map(SystemCall::name).distinct()).hasSizeGreaterThan(30);
  }

  @Test
  void whateverFailsIsToldAndNothingLeaksOrIsHalfMade() throws IOException {
    List<SystemCall> calls = record();
    for (int i = 0; i < calls.size(); i++) {
      for (Errno errno : calls.get(i).errors()) {
        reset();
        Throwable failure = run(TestSeam.failingAt(i, errno));
        String step = i + ": " + calls.get(i) + " " + errno;
        if (failure != null) {
          assertThat(failure).as(step).isInstanceOf(IOException.class);
        }
        assertThat(TestFiles.openBelow(path)).as(step).isEmpty();
        assertThat(path.resolve("copy").toFile().length()).as(step).isIn(0L, 3L << 20);
      }
    }
  }

  @Test
  void anInjectedErrorOfACallNamesTheCall() throws IOException {
    List<SystemCall> calls = record();
    int step = calls.stream().map(SystemCall::name).toList().indexOf("fsync");
    reset();

    assertThat(run(TestSeam.failingAt(step, Errno.EIO)))
        .hasMessage("fsync " + path + "/a: EIO (Input/output error)");
  }

  @Test
  void aDeathPassesThroughUnchangedAndLeavesNoDescriptor() throws IOException {
    int calls = record().size();
    for (int i = 0; i < calls; i++) {
      for (TestSeam seam : List.of(TestSeam.dyingBefore(i), TestSeam.dyingAfter(i))) {
        reset();
        assertThat(run(seam)).as("step " + i).isInstanceOf(TestSeam.Death.class);
        assertThat(TestFiles.openBelow(path)).as("step " + i).isEmpty();
      }
    }
  }

  @Test
  void aCallThatASignalInterruptsIsMadeAgain() throws IOException {
    List<String> interruptible =
        record().stream()
            .filter(call -> call.errors().contains(Errno.EINTR))
            .map(SystemCall::name)
            .distinct()
            .toList();
    assertThat(interruptible).contains("openat", "fsync", "pread64", "pwrite64");
    for (String name : interruptible) {
      reset();
      assertThat(run(TestSeam.failing(name, Errno.EINTR))).as(name).isNull();
    }
  }

  @Test
  void whatMovesOnlySomeOfTheBytesGoesOnWithTheRest() throws IOException {
    Linux linux = Linux.create(TestSeam.shortening());
    try (Directory directory = linux.openDirectory(path);
        OpenFile file = directory.createFile("a")) {
      file.write(TestFiles.noise(1, 200_000), 5);
      assertThat(file.size()).isEqualTo(200_005);
      assertThat(file.read(ByteBuffer.allocate(1000), 5)).isEqualTo(500);

      DurableFiles.cloneOrCopy(
              file, directory, "copy", CopyListener.none(), CloneExpectation.COPY_WILL_DO)
          .close();
    }
    assertThat(Files.mismatch(path.resolve("a"), path.resolve("copy"))).isEqualTo(-1);
  }

  @Test
  void whatIsNoFailureButAnAnswerIsNotInjected() {
    SystemCall open = new SystemCall("openat", "/x");
    assertThat(open.errors()).contains(Errno.ENOENT);
    assertThat(open.errorNames()).doesNotContain("ENOENT").startsWith("EACCES").endsWith("EINTR");
  }

  private List<SystemCall> record() throws IOException {
    TestSeam seam = TestSeam.recording();
    assertThat(run(seam)).isNull();
    return seam.calls();
  }

  private void reset() throws IOException {
    for (String name : new String[] {"a", "b", "copy", "link", "made", "r", "sub"}) {
      Files.deleteIfExists(path.resolve(name));
    }
  }

  private Throwable run(SystemCallSeam seam) {
    return catchThrowable(() -> everything(Linux.create(seam)));
  }

  private void everything(Linux linux) throws IOException {
    try (Directory directory = linux.openDirectory(path)) {
      directory.tryLock();
      directory.lockOwner();
      directory.fileSystem();
      directory.status();
      directory.makeDirectory("sub");
      directory.open("sub").close();
      directory.removeDirectory("sub");
      try (OpenFile file = DurableFiles.make(directory, "a", 3 << 20)) {
        contents(file);
        DurableFiles.cloneOrCopy(
                file, directory, "copy", CopyListener.none(), CloneExpectation.COPY_WILL_DO)
            .close();
        file.isHeld();
      }
      try (OpenFile file = directory.openFile("a", Access.READ)) {
        linux.holders().describe(file);
        linux.loopDevices().backedBy(file.status());
      }
      names(directory);
    }
  }

  private static void contents(OpenFile file) throws IOException {
    file.write(TestFiles.noise(1, 200_000), 1 << 20);
    file.write(ByteBuffer.allocateDirect(100), 5);
    file.read(ByteBuffer.allocate(100), 0);
    file.sync();
    file.dataSync();
    file.size();
    file.nextData(0);
    file.nextHole(0);
    file.punchHole(0, 65536);
    file.allocate(0, 4096);
    file.copyRange(1 << 20, file, 2 << 20, 4096);
    file.extents();
    file.identity();
    file.setAttribute("user.cistern", "1");
    file.attribute("user.cistern");
  }

  private static void names(Directory directory) throws IOException {
    DurableFiles.link(directory, "a", "link");
    directory.renameNoReplace("link", "b");
    directory.exchange("a", "b");
    DurableFiles.replace(directory, "b", "r");
    directory.list();
    directory.status("r");
    directory.unlinkIfPresent("none");
    DurableFiles.remove(directory, "r");
    directory.sync();
  }
}

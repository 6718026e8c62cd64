package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenFileTest {
  @TempDir Path path;
  private Directory directory;
  private OpenFile file;

  @BeforeEach
  void open() throws IOException {
    directory = Linux.create().openDirectory(path);
    file = directory.createFile("a.img");
  }

  @AfterEach
  void closeAndCheckForLeaks() throws IOException {
    file.close();
    directory.close();
    assertThat(TestFiles.openBelow(path)).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadBackBeyondFourGigabytes() throws IOException {
    long offset = (5L << 30) + 17;
    file.write(TestFiles.text("hello"), offset);

    ByteBuffer direct = ByteBuffer.allocateDirect(16).position(3);
    assertThat(file.size()).isEqualTo(offset + 5);
    assertThat(file.read(direct, offset)).isEqualTo(5);
    assertThat(direct.position()).isEqualTo(8);
    assertThat(direct.slice(3, 5)).isEqualTo(TestFiles.text("hello"));
    assertThat(file.read(ByteBuffer.allocate(4), offset + 5)).isEqualTo(-1);
  }

  @Test
  void dataAndHolesAreFound() throws IOException {
    file.truncate(8 << 20);
    file.write(TestFiles.noise(1, 1 << 20), 4 << 20);
    file.sync();
    assumeTrue(file.nextData(0).orElse(0) > 0, "the file system of " + path + " has no SEEK_DATA");

    assertThat(file.nextData(0)).hasValue(4 << 20);
    assertThat(file.nextHole(4 << 20)).isEqualTo(5 << 20);
    assertThat(file.nextData(5 << 20)).isEmpty();
    file.punchHole(4 << 20, 1 << 20);
    assertThat(file.nextData(0)).isEmpty();
    assertThat(file.size()).isEqualTo(8 << 20);
  }

  @Test
  void allocatingTakesSpace() throws IOException {
    file.allocate(0, 1 << 20);

    assertThat(file.size()).isEqualTo(1 << 20);
    assertThat(file.status().allocated()).isGreaterThanOrEqualTo(1 << 20);
  }

  @Test
  void aRangeIsCopied() throws IOException {
    file.write(TestFiles.text("0123456789"), 0);
    try (OpenFile target = directory.createFile("b.img")) {
      assertThat(file.copyRange(2, target, 1, 5)).isEqualTo(5);
    }

    assertThat(path.resolve("b.img")).hasContent("\00023456");
  }

  @Test
  void attributesAreTextAndAbsentOnesEmpty() throws IOException {
    assertThat(file.attribute("user.cistern")).isEmpty();
    file.setAttribute("user.cistern", "ä=1");
    assertThat(file.attribute("user.cistern")).hasValue("ä=1");
    file.setAttribute("user.cistern", "");
    assertThat(file.attribute("user.cistern")).hasValue("");
  }

  @Test
  void theDescriptorPathLeadsToTheFileWhateverItsName() throws IOException {
    file.write(TestFiles.text("hello"), 0);
    directory.rename("a.img", "b.img");
    try (OpenFile again = Linux.create().openFile(file.descriptorPath(), Access.READ)) {
      assertThat(again.status().sameInode(file.status())).isTrue();
    }
    assertThat(Files.readString(file.descriptorPath())).isEqualTo("hello");
  }

  @Test
  void aFileThatNobodyElseHasIsNotHeld() throws IOException {
    assertThat(file.isHeld()).isFalse();
    assertThat(file.isHeld()).isFalse();
  }

  @Test
  void aFileIsHeldByAnotherDescriptorOfThisProcess() throws IOException {
    try (FileChannel channel = FileChannel.open(path.resolve("a.img"), StandardOpenOption.READ)) {
      assertThat(channel.isOpen()).isTrue();
      assertThat(file.isHeld()).isTrue();
    }
    assertThat(file.isHeld()).isFalse();
  }

  @Test
  void aFileIsHeldByAnotherProcessWhichIsNamed() throws IOException {
    Process sleep =
        new ProcessBuilder("sleep", "60").redirectInput(path.resolve("a.img").toFile()).start();
    try {
      assertThat(file.isHeld()).isTrue();
      assertThat(Linux.create().holders().describe(file))
          .containsExactly("process " + sleep.pid() + " (sleep)");
    } finally {
      sleep.destroyForcibly();
      sleep.onExit().join();
    }
    assertThat(file.isHeld()).isFalse();
  }

  @Test
  void withoutLeasesHoldersAreSearchedFor() throws IOException {
    Linux linux = Linux.create(TestSeam.failing("fcntl(F_SETLEASE, F_WRLCK)", Errno.EINVAL));
    try (Directory same = linux.openDirectory(path);
        OpenFile other = same.openFile("a.img", Access.READ_WRITE)) {
      assertThat(other.isHeld()).isTrue();
      file.close();
      assertThat(other.isHeld()).isFalse();
    }
  }

  @Test
  void anotherUsersFileIsHeldByNobodyOnlyIfAllProcessesCanBeLookedInto() throws IOException {
    Linux linux = Linux.create(TestSeam.failing("fcntl(F_SETLEASE, F_WRLCK)", Errno.EACCES));
    file.close();
    try (OpenFile other = linux.openFile(path.resolve("a.img"), Access.READ_WRITE)) {
      boolean seesAll =
          search(Path.of("/proc")).holdersBesides(other.status(), other.number()).isComplete();
      assertThat(other.holding()).isEqualTo(seesAll ? Holding.NOBODY : Holding.PERHAPS_SOMEBODY);
      assertThat(other.isHeld()).isEqualTo(!seesAll);
    }
  }

  @Test
  void aProcessThatNobodyMayLookIntoMayHoldTheFile() throws IOException {
    Path proc = proc("1", "7");
    assertThat(search(proc).holdersBesides(file.status(), -1).isComplete()).isTrue();
    Files.delete(proc.resolve("7/fd"));
    Files.createFile(proc.resolve("7/fd"));
    assertThat(search(proc).holdersBesides(file.status(), -1).isComplete()).isFalse();
  }

  @Test
  void aProcessWhoseDescriptorsNobodyMayFollowMayHoldTheFile() throws IOException {
    Path proc = proc("1", "7");
    // ELOOP, as little an answer as EACCES is.
    Files.createSymbolicLink(proc.resolve("7/fd/3"), proc.resolve("7/fd/3"));
    assertThat(search(proc).holdersBesides(file.status(), -1).isComplete()).isFalse();
  }

  @Test
  void whereProcessesAreHiddenOneMayHoldTheFile() throws IOException {
    assertThat(search(proc("7")).holdersBesides(file.status(), -1).isComplete()).isFalse();
    Path inContainer = Files.createDirectory(path.resolve("container")).resolve("proc");
    Files.createDirectories(inContainer.resolve("1/ns"));
    Files.createSymbolicLink(inContainer.resolve("1/ns/pid"), Path.of("pid:[4026532000]"));
    assertThat(search(inContainer).holdersBesides(file.status(), -1).isComplete()).isFalse();
  }

  private static ProcSearch search(Path proc) {
    return new ProcSearch(new Kernel(TestSeam.recording()), proc);
  }

  private Path proc(String... processes) throws IOException {
    Path proc = Files.createDirectory(path.resolve("proc"));
    for (String process : processes) {
      Files.createDirectories(proc.resolve(process).resolve("fd"));
      Files.createFile(proc.resolve(process).resolve("maps"));
    }
    if (processes[0].equals("1")) {
      Files.createDirectories(proc.resolve("1/ns"));
      Files.createSymbolicLink(proc.resolve("1/ns/pid"), Path.of("pid:[4026531836]"));
    }
    return proc;
  }

  @Test
  void withoutLeasesAMappingIsFoundAfterItsDescriptorIsClosed() throws IOException {
    file.truncate(4096);
    Process python =
        new ProcessBuilder(
                "python3",
                "-c",
                "import mmap,os,sys\n"
                    + "f=os.open(sys.argv[1],os.O_RDWR)\n"
                    + "m=mmap.mmap(f,4096,trackfd=False) if sys.version_info>=(3,13)"
                    + " else mmap.mmap(f,4096)\n"
                    + "os.closerange(3,64)\n"
                    + "print('mapped',flush=True)\nsys.stdin.read()",
                path.resolve("a.img").toString())
            .start();
    try {
      assumeTrue(python.inputReader().readLine() != null, "no python3 to map the file");
      assertThat(file.isHeld()).isTrue();
      Linux linux = Linux.create(TestSeam.failing("fcntl(F_SETLEASE, F_WRLCK)", Errno.EINVAL));
      file.close();
      try (OpenFile other = linux.openFile(path.resolve("a.img"), Access.READ_WRITE)) {
        assertThat(other.isHeld()).isTrue();
      }
    } finally {
      python.destroyForcibly();
      python.onExit().join();
    }
  }

  @Test
  void anOpenerThatRacesWithTheCheckDoesNotKillTheProcess() throws IOException {
    Process opener =
        new ProcessBuilder("sh", "-c", "while :; do : < \"$1\"; done", "sh", "a.img")
            .directory(path.toFile())
            .start();
    try {
      int held = 0;
      int rounds = 20_000;
      for (int i = 0; i < rounds; i++) {
        held += file.isHeld() ? 1 : 0;
      }
      assertThat(held).isBetween(1, rounds - 1);
      assertThat(opener.isAlive()).isTrue();
    } finally {
      opener.destroyForcibly();
      opener.onExit().join();
    }
  }

  @Test
  void openingDuringTheChecksOfAnotherThreadWaitsForThem() throws Exception {
    Linux linux = Linux.create();
    Thread checker =
        new Thread(
            () -> {
              try {
                while (!Thread.interrupted()) {
                  file.isHeld();
                }
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    checker.start();
    try {
      for (int i = 0; i < 5_000; i++) {
        linux.openFile(path.resolve("a.img"), Access.READ).close();
      }
    } finally {
      checker.interrupt();
      checker.join();
    }
  }

  @Test
  void anInodeThatIsUsedAgainHasAnotherIdentity() throws IOException {
    String first = file.identity();
    assertThat(file.identity()).isEqualTo(first);
    for (int i = 0; i < 20; i++) {
      file.close();
      directory.unlink("a.img");
      file = directory.createFile("a.img");
      assertThat(file.identity()).isNotEqualTo(first);
    }
  }

  @Test
  void aClosedFileIsRefused() throws IOException {
    file.close();

    assertThatThrownBy(() -> file.size()).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> file.descriptorPath()).isInstanceOf(IllegalStateException.class);
  }
}

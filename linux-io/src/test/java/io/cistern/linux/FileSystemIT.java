package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each file system has to do alike. */
@Timeout(120)
class FileSystemIT extends InDirectory {
  @ParameterizedTest
  @EnumSource
  void theFileSystemIsNamedAndMeasured(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    FileSystemStatus status = directory.fileSystem();

    assertThat(status.name()).isEqualTo(fileSystem.name().toLowerCase(Locale.ROOT));
    assertThat(status.total()).isEqualTo(Files.getFileStore(path).getTotalSpace());
    assertThat(status.free()).isBetween(status.available(), status.total());
    assertThat(status.blockSize()).isEqualTo(4096);
  }

  @ParameterizedTest
  @EnumSource
  void namesAreLinkedRenamedAndExchanged(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    Files.writeString(path.resolve("a"), "A");
    Files.writeString(path.resolve("b"), "B");

    directory.link("a", "c");
    assertThatThrownBy(() -> directory.link("a", "b")).hasMessageContaining("EEXIST");
    assertThatThrownBy(() -> directory.renameNoReplace("a", "b")).hasMessageContaining("EEXIST");
    directory.exchange("a", "b");
    directory.renameNoReplace("a", "d");
    directory.rename("c", "d");
    directory.sync();
    assertThat(directory.list()).containsExactly("b", "d");
    assertThat(path.resolve("b")).hasContent("A");
    assertThat(path.resolve("d")).hasContent("A");
  }

  @ParameterizedTest
  @EnumSource
  void theLockOfAnotherProcessNamesIt(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    Process flock =
        new ProcessBuilder("flock", "--no-fork", path.toString(), "sh", "-c", "echo; exec sleep 60")
            .start();
    try {
      assertThat(flock.inputReader().readLine()).isEmpty();
      assertThat(directory.tryLock()).isFalse();
      assertThat(directory.lockOwner()).hasValue(flock.pid());
    } finally {
      flock.destroyForcibly();
      flock.onExit().join();
    }
    assertThat(directory.tryLock()).isTrue();
    assertThat(directory.lockOwner()).hasValue(ProcessHandle.current().pid());
  }

  @ParameterizedTest
  @EnumSource
  void noTwoInodesEverHaveTheSameIdentity(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    Set<String> identities = new HashSet<>();
    int rounds = 50;
    for (int i = 0; i < rounds; i++) {
      try (OpenFile file = directory.createFile("a")) {
        identities.add(file.identity());
      }
      directory.unlink("a");
    }
    assertThat(identities).hasSize(rounds);
  }

  @ParameterizedTest
  @EnumSource
  void theIdentityStaysThroughRenamesAndWrites(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    String identity;
    try (OpenFile file = directory.createFile("a")) {
      identity = file.identity();
      file.write(TestFiles.text("x"), 0);
      file.sync();
    }
    directory.rename("a", "b");
    try (OpenFile file = directory.openFile("b", Access.READ)) {
      assertThat(file.identity()).isEqualTo(identity);
    }
  }

  @ParameterizedTest
  @EnumSource
  void attributesAreKept(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile file = directory.createFile("a")) {
      assertThat(file.attribute("user.cistern")).isEmpty();
      file.setAttribute("user.cistern", "4d:0401");
    }
    try (OpenFile file = directory.openFile("a", Access.READ)) {
      assertThat(file.attribute("user.cistern")).hasValue("4d:0401");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileIsHeldByAProcessOrAChannel(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile file = directory.createFile("a")) {
      assertThat(file.isHeld()).isFalse();
      Process sleep =
          new ProcessBuilder("sleep", "60").redirectInput(path.resolve("a").toFile()).start();
      assertThat(file.isHeld()).isTrue();
      assertThat(Linux.create().holders().describe(file))
          .contains("process " + sleep.pid() + " (sleep)");
      sleep.destroyForcibly();
      sleep.onExit().join();
      assertThat(file.isHeld()).isFalse();
      try (FileChannel channel = FileChannel.open(path.resolve("a"), StandardOpenOption.WRITE)) {
        assertThat(channel.isOpen()).isTrue();
        assertThat(file.isHeld()).isTrue();
      }
      assertThat(file.isHeld()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCheckSurvivesAnOpenerThatRacesWithIt(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile file = directory.createFile("a.img")) {
      Process opener =
          new ProcessBuilder("sh", "-c", "while :; do : < a.img; done")
              .directory(path.toFile())
              .start();
      int held = 0;
      for (int i = 0; i < 5000; i++) {
        held += file.isHeld() ? 1 : 0;
      }
      opener.destroyForcibly();
      opener.onExit().join();
      assertThat(held).isBetween(1, 4999);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCopyKeepsHolesAndDropsZeros(TestFileSystem fileSystem) throws IOException {
    open(fileSystem);
    try (OpenFile source = directory.createFile("source");
        OpenFile target = directory.createFile("target")) {
      source.truncate((64 << 20) + 333);
      source.write(ByteBuffer.allocate(8 << 20), 8 << 20);
      source.write(TestFiles.noise(1, 65536), (32 << 20) + 65536);
      source.write(TestFiles.noise(2, 333), 64 << 20);
      source.allocate(40 << 20, 1 << 20);
      DurableFiles.sparseCopy(source, target, CopyListener.none());
      target.sync();

      assertThat(target.status().allocated()).isLessThanOrEqualTo(2 * 65536);
      assertThat(target.size()).isEqualTo((64 << 20) + 333);
    }
    assertThat(Files.mismatch(path.resolve("source"), path.resolve("target"))).isEqualTo(-1);
  }
}

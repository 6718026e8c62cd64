package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DirectoryTest {
  @TempDir Path path;
  private Directory directory;

  @BeforeEach
  void open() throws IOException {
    directory = Linux.create().openDirectory(path);
  }

  @AfterEach
  void closeAndCheckForLeaks() throws IOException {
    directory.close();
    assertThat(TestFiles.openBelow(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "/a", "a\0b"})
  void aNameThatIsNotThatOfAnEntryIsRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> directory.open(name));
    assertThatIllegalArgumentException().isThrownBy(() -> directory.createFile(name));
    assertThatIllegalArgumentException().isThrownBy(() -> directory.status(name));
    assertThatIllegalArgumentException().isThrownBy(() -> directory.unlink(name));
    assertThatIllegalArgumentException().isThrownBy(() -> directory.rename("a", name));
    assertThatIllegalArgumentException().isThrownBy(() -> directory.link(name, "a"));
    assertThatIllegalArgumentException().isThrownBy(() -> directory.openFile(name, Access.READ));
  }

  @Test
  void makingADirectoryTellsWhetherThereWasOne() throws IOException {
    assertThat(directory.makeDirectory("foo")).isTrue();
    assertThat(directory.makeDirectory("foo")).isFalse();
    assertThat(directory.status("foo").orElseThrow().mode()).isEqualTo(0700);
    directory.removeDirectory("foo");
    assertThat(directory.openIfPresent("foo")).isEmpty();
  }

  @Test
  void makingADirectoryInPlaceOfALinkOrAFileFails() throws IOException {
    Files.createSymbolicLink(path.resolve("link"), path);
    directory.createFile("file").close();

    fails(() -> directory.makeDirectory("link"), Errno.EEXIST);
    fails(() -> directory.makeDirectory("file"), Errno.EEXIST);
  }

  @Test
  void aSymbolicLinkToADirectoryIsNotFollowed() throws IOException {
    Files.createDirectory(path.resolve("real"));
    Files.createSymbolicLink(path.resolve("link"), path.resolve("real"));

    fails(() -> directory.open("link"), Errno.ELOOP);
    fails(() -> directory.openIfPresent("link"), Errno.ELOOP);
    fails(() -> directory.openFile("link", Access.READ), Errno.ELOOP);
    assertThat(directory.status("link").orElseThrow().type())
        .isEqualTo(FileStatus.Type.SYMBOLIC_LINK);
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void aSymbolicLinkToAFileIsNotFollowed(Access access) throws IOException {
    Files.createFile(path.resolve("real"));
    Files.createSymbolicLink(path.resolve("link"), path.resolve("real"));
    Files.createSymbolicLink(path.resolve("dangling"), path.resolve("nowhere"));

    fails(() -> directory.openFile("link", access), Errno.ELOOP);
    fails(() -> directory.openFile("dangling", access), Errno.ELOOP);
    fails(() -> directory.createFile("dangling"), Errno.EEXIST);
    assertThat(path.resolve("nowhere")).doesNotExist();
  }

  @ParameterizedTest
  @EnumSource(Access.class)
  void aPlantedFifoIsRefusedAndDoesNotBlock(Access access) throws IOException {
    TestFiles.run("mkfifo", path.resolve("fifo").toString());

    assertThatThrownBy(() -> directory.openFile("fifo", access))
        .isInstanceOf(SystemCallException.class)
        .hasMessageContaining("a FIFO, not a regular file");
  }

  @Test
  void aDirectoryIsNotAFileAndAFileIsNotADirectory() throws IOException {
    directory.makeDirectory("dir");
    directory.createFile("file").close();

    fails(() -> directory.openFile("dir", Access.READ), Errno.EISDIR);
    fails(() -> directory.openFile("dir", Access.READ_WRITE), Errno.EISDIR);
    fails(() -> directory.open("file"), Errno.ENOTDIR);
  }

  @Test
  void aNewFileIsPrivateAndNeverAnOldOne() throws IOException {
    directory.createFile("new").close();

    assertThat(directory.status("new").orElseThrow().mode()).isEqualTo(0600);
    fails(() -> directory.createFile("new"), Errno.EEXIST);
  }

  @Test
  void whatIsAbsentIsEmpty() throws IOException {
    assertThat(directory.status("none")).isEmpty();
    assertThat(directory.openIfPresent("none")).isEmpty();
    assertThat(directory.openFileIfPresent("none", Access.READ)).isEmpty();
    assertThat(directory.unlinkIfPresent("none")).isFalse();
    fails(() -> directory.unlink("none"), Errno.ENOENT);
  }

  @Test
  void theListIsSortedAndHasEveryName() throws IOException {
    assertThat(directory.list()).isEmpty();
    for (String name : new String[] {"b", "ä ü", "a\nb", "-rf"}) {
      directory.createFile(name).close();
    }
    directory.makeDirectory("c");

    assertThat(directory.list()).containsExactly("-rf", "a\nb", "b", "c", "ä ü");
    assertThat(directory.list()).hasSize(5);
  }

  @Test
  void renamingReplacesUnlessToldNotTo() throws IOException {
    write("a", "A");
    write("b", "B");

    fails(() -> directory.renameNoReplace("a", "b"), Errno.EEXIST);
    directory.exchange("a", "b");
    assertThat(path.resolve("a")).hasContent("B");
    directory.rename("a", "b");
    assertThat(path.resolve("b")).hasContent("B");
    directory.renameNoReplace("b", "c");
    assertThat(directory.list()).containsExactly("c");
  }

  @Test
  void aLinkIsOneMoreNameAndReplacesNothing() throws IOException {
    write("a", "A");
    write("b", "B");

    directory.link("a", "c");
    fails(() -> directory.link("a", "b"), Errno.EEXIST);
    FileStatus status = directory.status("a").orElseThrow();
    assertThat(status.links()).isEqualTo(2);
    assertThat(status.sameInode(directory.status("c").orElseThrow())).isTrue();
    assertThat(status.sameInode(directory.status("b").orElseThrow())).isFalse();
  }

  @Test
  void theLockExcludesAnotherObjectAndNamesItsOwner() throws IOException {
    assertThat(directory.lockOwner()).isEmpty();
    assertThat(directory.tryLock()).isTrue();
    try (Directory other = Linux.create().openDirectory(path)) {
      assertThat(other.tryLock()).isFalse();
      assertThat(other.lockOwner()).hasValue(ProcessHandle.current().pid());
      directory.close();
      assertThat(other.tryLock()).isTrue();
    }
  }

  @Test
  void aClosedDirectoryIsRefusedAndClosingTwiceIsFine() throws IOException {
    directory.close();
    directory.close();

    assertThatThrownBy(() -> directory.list())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is closed");
  }

  @Test
  void theDirectoryThatIsGivenMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(path.resolve("link"), path);
    try (Directory same = Linux.create().openDirectory(link)) {
      assertThat(same.status().sameInode(directory.status())).isTrue();
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(path.resolve(name), content);
  }

  private static void fails(ThrowingCallable call, Errno errno) {
    Consumer<SystemCallException> hasErrno = e -> assertThat(e.errno()).isEqualTo(errno);
    assertThatThrownBy(call).isInstanceOfSatisfying(SystemCallException.class, hasErrno);
  }
}

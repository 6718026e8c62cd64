package io.cistern.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.testkit.WriteLog.Entry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoggedDiskIT {
  private static final int BLOCK = 4096;
  private static final long SIZE = 4 << 20;

  private final Path directory = Places.of(FileSystemType.EXT4);
  private Set<Path> before;
  private LoggedDisk disk;
  private LoopDevice loop;

  @BeforeEach
  void attach() throws IOException {
    before = listed(directory);
    disk = LoggedDisk.empty(directory, SIZE);
    loop = LoopDevice.attach(disk.image());
  }

  @AfterEach
  void detach() throws IOException {
    loop.close();
    disk.close();
    assertThat(listed(directory)).isEqualTo(before);
  }

  private static Set<Path> listed(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return Set.copyOf(files.toList());
    }
  }

  /** Writes blocks through the page cache of the device, in one go. */
  private void write(long offset, int... fillings) throws IOException {
    try (FileChannel channel = FileChannel.open(loop.path(), StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(fillings.length * BLOCK);
      for (int filling : fillings) {
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) filling);
        bytes.put(block);
      }
      channel.write(bytes.flip(), offset);
      // Closing it last writes it out, and flushes nothing.
    }
  }

  private void flush() throws IOException {
    try (FileChannel channel = FileChannel.open(loop.path(), StandardOpenOption.WRITE)) {
      channel.force(false);
    }
  }

  private List<Integer> read(int blocks) throws IOException {
    List<Integer> first = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(loop.path(), StandardOpenOption.READ)) {
      for (int block = 0; block < blocks; block++) {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK);
        channel.read(bytes, (long) block * BLOCK);
        for (byte each : bytes.array()) {
          assertThat(each).isEqualTo(bytes.get(0));
        }
        first.add((int) bytes.get(0));
      }
    }
    return first;
  }

  private void boot(int cut) throws IOException {
    loop.close();
    disk.boot(cut);
    loop = LoopDevice.attach(disk.image());
  }

  @Test
  void eachBlockThatIsWrittenIsAnEntryAndSoIsAFlush() throws IOException {
    disk.begin();
    write(BLOCK, 1, 2, 3);
    flush();
    write(0, 4);

    assertThat(disk.entries())
        .containsExactly(
            Entry.write(BLOCK, BLOCK),
            Entry.write(2 * BLOCK, BLOCK),
            Entry.write(3 * BLOCK, BLOCK),
            Entry.flush(),
            Entry.write(0, BLOCK));
    assertThat(read(4)).containsExactly(4, 1, 2, 3);
  }

  @Test
  void aDiscardIsAnEntry() throws IOException {
    write(0, 1, 2);
    disk.begin();
    Command.run("blkdiscard", "--offset", "4096", "--length", "4096", loop.path().toString());

    assertThat(disk.entries()).contains(Entry.write(BLOCK, BLOCK));
    assertThat(read(2)).containsExactly(1, 0);
    boot(disk.cut(List.of(0, 1)));
    assertThat(read(2)).containsExactly(1, 2);
  }

  @Test
  void aLogBeginsWithWhatWasNotFlushed() throws IOException {
    write(0, 1);
    flush();
    write(BLOCK, 2);
    disk.begin();

    assertThat(disk.entries()).containsExactly(Entry.write(BLOCK, BLOCK));
    boot(disk.cut(List.of()));
    assertThat(read(2)).containsExactly(1, 0);
  }

  @Test
  void aCutHasTheWritesThatAreNamedInTheirOrder() throws IOException {
    disk.begin();
    write(0, 1, 2, 3);
    flush();
    write(0, 4);

    int all = disk.cut();
    int older = disk.cut(List.of(4, 2, 0));
    boot(all);
    assertThat(read(3)).containsExactly(4, 2, 3);
    boot(older);
    assertThat(read(3)).containsExactly(1, 0, 3);
  }

  @Test
  void itIsAPowerSupplyWithoutALogToo() throws IOException {
    write(0, 1);
    flush();
    int first = disk.cut();
    write(0, 2);
    flush();
    int second = disk.cut();
    write(0, 1);
    flush();

    assertThat(disk.cut()).isEqualTo(first);
    boot(first);
    assertThat(read(1)).containsExactly(1);
    boot(second);
    assertThat(read(1)).containsExactly(2);
    int third = disk.cut();
    boot(first);
    boot(third);
    assertThat(read(1)).containsExactly(2);
  }

  @Test
  void aFileSystemThatIsUsedCanBeClosedLater() throws IOException {
    LoggedFileSystem used = LoggedFileSystem.make(FileSystemType.EXT4, directory);
    try (FileChannel open =
        FileChannel.open(
            used.directory().resolve("open"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE)) {
      assertThat(open.isOpen()).isTrue();
      assertThatThrownBy(used::close).hasMessageContaining(used.directory() + "");
    }
    used.close();
  }

  @Test
  void cutsThatHoldTheSameAreOne() throws IOException {
    write(0, 1);
    flush();
    disk.begin();
    int nothing = disk.cut();
    write(0, 2);
    write(0, 1);

    assertThat(disk.entries()).hasSize(2);
    assertThat(disk.cut()).isEqualTo(nothing);
    assertThat(disk.cut(List.of(0))).isNotEqualTo(nothing);
  }

  @Test
  void whatIsDoneAfterABootChangesNoOtherCut() throws IOException {
    disk.begin();
    write(0, 1);
    int first = disk.cut();
    write(0, 2);
    int second = disk.cut();
    boot(first);
    write(0, 3, 3);
    flush();
    boot(second);

    assertThat(read(2)).containsExactly(2, 0);
  }

  /** A process that is killed while it serves a disk with a mounted file system. */
  static final class Served {
    public static void main(String[] arguments) throws Exception {
      LoggedFileSystem served =
          LoggedFileSystem.make(FileSystemType.valueOf(arguments[0]), Path.of(arguments[1]));
      Files.write(served.directory().resolve("dirty"), new byte[1 << 20]);
      System.out.println(served.directory());
      Thread.sleep(600_000);
    }
  }

  @ParameterizedTest
  @EnumSource(FileSystemType.class)
  @Timeout(60)
  void nothingHangsWhenTheProcessThatServesADiskIsKilled(FileSystemType type) throws Exception {
    Path mount = Path.of(mountedBeforeAKill(type));

    Command.run("umount", mount.toString());
    Command.run("umount", mount.resolveSibling("disk").toString());
    Files.delete(mount);
    Files.delete(mount.resolveSibling("disk"));
    Files.delete(mount.getParent());
    assertThat(LoopDevice.backedBelow(mount.getParent())).isEmpty();
  }

  private static String mountedBeforeAKill(FileSystemType type) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    String place = Places.of(type).toString();
    Process process =
        new ProcessBuilder(java, "-cp", classPath, Served.class.getName(), type.name(), place)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = process.inputReader()) {
      String mount = output.readLine();
      assertThat(mount).as("the mount that the child tells of").isNotNull();
      return mount;
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}

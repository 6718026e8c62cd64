package io.cistern.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopDevicesIT {
  private final Linux linux = Linux.create();
  private Path path;
  private OpenFile file;
  private LoopDevice loop;

  private void attach(TestFileSystem fileSystem) throws IOException {
    assumeTrue(Files.isWritable(Path.of("/dev/loop-control")), "may not make loop devices");
    path = fileSystem.newDirectory();
    try (Directory directory = linux.openDirectory(path)) {
      file = directory.createFile("a.img");
    }
    file.truncate(4 << 20);
    String image = path.resolve("a.img").toString();
    loop = new LoopDevice(Path.of(TestFiles.run("losetup", "--find", "--show", image)));
  }

  @AfterEach
  void detach() throws IOException {
    if (path != null) {
      if (loop != null) {
        TestFiles.run("losetup", "--detach", loop.path().toString());
      }
      file.close();
      assertThat(TestFiles.openBelow(path)).isEmpty();
      TestFiles.deleteRecursively(path);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceIsFoundByTheInodeOfItsFileWhateverItsName(TestFileSystem fileSystem)
      throws IOException {
    attach(fileSystem);
    assertThat(linux.loopDevices().backedBy(file.status())).containsExactly(loop);

    Files.move(path.resolve("a.img"), path.resolve("b.img"));
    assertThat(linux.loopDevices().backedBy(file.status())).containsExactly(loop);
  }

  @ParameterizedTest
  @EnumSource
  void aFileBehindADeviceIsHeldByIt(TestFileSystem fileSystem) throws IOException {
    attach(fileSystem);

    assertThat(file.isHeld()).isTrue();
    assertThat(linux.holders().describe(file)).contains("loop device " + loop.path());
  }

  @ParameterizedTest
  @EnumSource
  void withoutLeasesADeviceIsFoundAllTheSame(TestFileSystem fileSystem) throws IOException {
    attach(fileSystem);
    Linux without = Linux.create(TestSeam.failing("fcntl(F_SETLEASE, F_WRLCK)", Errno.EINVAL));
    file.close();
    file = without.openFile(path.resolve("a.img"), Access.READ_WRITE);

    assertThat(file.isHeld()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceGrowsWithItsFileOnceToldTo(TestFileSystem fileSystem) throws IOException {
    attach(fileSystem);
    file.truncate(8 << 20);
    try (OpenFile device = linux.openFile(loop.path(), Access.READ)) {
      assertThat(device.size()).isEqualTo(4 << 20);
      linux.loopDevices().refreshCapacity(loop);
      assertThat(device.size()).isEqualTo(8 << 20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceIsASourceOfACopyThatDropsZeros(TestFileSystem fileSystem) throws IOException {
    attach(fileSystem);
    try (OpenFile device = linux.openFile(loop.path(), Access.READ_WRITE);
        Directory directory = linux.openDirectory(path)) {
      device.write(TestFiles.noise(1, 65536), 1 << 20);
      try (OpenFile copy =
          DurableFiles.cloneOrCopy(
              device, directory, "copy", CopyListener.none(), CloneExpectation.COPY_WILL_DO)) {
        copy.sync();
        assertThat(copy.size()).isEqualTo(4 << 20);
        assertThat(copy.status().allocated()).isLessThanOrEqualTo(2 * 65536);
      }
      device.sync();
    }
    assertThat(Files.mismatch(loop.path(), path.resolve("copy"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource
  void aDeviceIsATargetOfACopy(TestFileSystem fileSystem) throws IOException {
    attach(fileSystem);
    byte[] content = TestFiles.noise(1, 100_000).array();
    Path source = Files.write(path.resolve("source"), content);
    try (OpenFile from = linux.openFile(source, Access.READ);
        OpenFile device = linux.openFile(loop.path(), Access.READ_WRITE)) {
      DurableFiles.sparseCopy(from, device, CopyListener.none());
      device.sync();
    }
    assertThat(Files.readAllBytes(path.resolve("a.img"))).startsWith(content).hasSize(4 << 20);
  }
}

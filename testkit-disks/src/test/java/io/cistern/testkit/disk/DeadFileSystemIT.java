package io.cistern.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cistern.linux.Access;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A loop device whose file's file system is dead is nobody's, and stands in nobody's way. */
class DeadFileSystemIT {
  private static final long SIZE = 1 << 20;

  @Test
  void aDeviceThatCanNotTellItsFileIsNotThatOfAFileThatCanBeAsked() throws IOException {
    Path directory = Files.createTempDirectory(Places.of(FileSystemType.EXT4), "dead");
    Path mountPoint = Files.createDirectory(directory.resolve("mount"));
    Path image = directory.resolve("a.img");
    FuseMount mount = new FuseMount(mountPoint);
    try (LoopDevice dead = LoopDevice.attach(mount.serve(new Dying()));
        OpenFile file = create(image);
        LoopDevice living = LoopDevice.attach(image)) {
      die(dead);
      assertThat(Linux.create().loopDevices().backedBy(file.status()))
          .extracting(io.cistern.linux.LoopDevice::path)
          .containsExactly(living.path());
    } finally {
      assertThatThrownBy(mount::close).hasMessageContaining(mountPoint.toString());
      Files.delete(image);
      Files.delete(mountPoint);
      Files.delete(directory);
    }
  }

  private static OpenFile create(Path image) throws IOException {
    Files.write(image, new byte[(int) SIZE]);
    return Linux.create().openFile(image, Access.READ_WRITE);
  }

  private static void die(LoopDevice device) throws IOException {
    try (FileChannel channel = FileChannel.open(device.path())) {
      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(512), SIZE / 2))
          .isInstanceOf(IOException.class);
    }
  }

  /** Ends its server as soon as it is read. */
  private static final class Dying implements ServedFile {
    @Override
    public long size() {
      return SIZE;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
      throw new IllegalStateException("the server dies");
    }

    @Override
    public void write(long offset, byte[] bytes) {}

    @Override
    public void zero(long offset, long length) {}

    @Override
    public void flush() {}
  }
}

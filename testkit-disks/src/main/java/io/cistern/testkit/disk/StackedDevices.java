package io.cistern.testkit.disk;

import io.cistern.linux.DeviceMapper;
import io.cistern.linux.Linux;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The devices that a machine has lost when it boots: loop devices on files below a directory, and
 * the mapper devices that lie on them.
 */
public final class StackedDevices {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  private final DeviceMapper mapper;

  private StackedDevices(DeviceMapper mapper) {
    this.mapper = mapper;
  }

  /** Removes them all, so that the file system of the directory can be unmounted. */
  public static void removeFrom(Path directory) throws IOException {
    List<String> loops = LoopDevice.backedBelow(directory);
    if (loops.isEmpty()) {
      return;
    }
    try (DeviceMapper mapper = Linux.create().deviceMapper()) {
      for (String loop : loops) {
        new StackedDevices(mapper).removeFromDevice(Path.of("/sys/block", nameOf(loop)));
      }
    }
    awaitNone(directory);
  }

  private static String nameOf(String device) {
    return device.substring("/dev/".length());
  }

  private void removeFromDevice(Path device) throws IOException {
    Path holders = device.resolve("holders");
    if (!Files.isDirectory(holders)) {
      // It went with another one that it shared.
      return;
    }
    try (DirectoryStream<Path> above = Files.newDirectoryStream(holders)) {
      for (Path holder : above) {
        Path mapped = Path.of("/sys/block").resolve(holder.getFileName());
        removeFromDevice(mapped);
        Path name = mapped.resolve("dm/name");
        if (Files.exists(name)) {
          mapper.remove(Files.readString(name).strip(), PATIENCE);
        }
      }
    }
  }

  /** The kernel detaches a loop device when the last one lets go of it. */
  private static void awaitNone(Path directory) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<String> left = LoopDevice.backedBelow(directory);
    while (!left.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("loop devices that stay attached: " + left);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      left = LoopDevice.backedBelow(directory);
    }
  }
}

package io.cistern.examples.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A loop device on an image: what a hypervisor that wants a block device attaches. */
public final class LoopDevice implements AutoCloseable {
  private static final int TRIES = 50;
  private static final long PAUSE_MILLIS = 100;

  private final Path image;
  private final String device;
  private boolean closed;

  private LoopDevice(Path image, String device) {
    this.image = image;
    this.device = device;
  }

  /** Tells whether this process may make loop devices. */
  public static boolean arePossible() {
    return Files.isWritable(Path.of("/dev/loop-control"));
  }

  /** Attaches a free device to the image. */
  public static LoopDevice attach(Path image) throws IOException {
    return new LoopDevice(image, new Command("losetup", "--find", "--show", image).run().strip());
  }

  /** Returns the size that the kernel gives for the device, in bytes. */
  public long size() throws IOException {
    return Long.parseLong(new Command("blockdev", "--getsize64", device).run().strip());
  }

  /** Detaches the device, and returns when it is off the image. */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    new Command("losetup", "--detach", device).run();
    for (int i = 0; i < TRIES; i++) {
      if (new Command("losetup", "--associated", image).run().isBlank()) {
        return;
      }
      // Somebody, udev perhaps, still looks at it.
      pause();
    }
    throw new IOException(device + " does not let go of " + image);
  }

  @Override
  public String toString() {
    return device;
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a loop device to go", e);
    }
  }
}

package io.cistern.testkit.disk;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A directory with one file that this process serves to the kernel, by the protocol of {@code
 * linux/fuse.h} on {@code /dev/fuse}. There is no library in between: those there are need libfuse,
 * or a newer JDK.
 *
 * <p>When the process ends, however it does, the kernel answers all that is asked of the file with
 * an error. The mount is still there then, and can be unmounted.
 */
final class FuseMount implements AutoCloseable {
  private static final String DEVICE = "/dev/fuse";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path directory;
  private final FuseRequests requests;
  private final int device;
  private final Thread server;
  private volatile @Nullable Throwable failure;

  /** Mounts it on an empty directory, with no file in it yet. */
  FuseMount(Path directory) throws IOException {
    this.directory = directory;
    this.requests = new FuseRequests();
    this.device = open();
    this.server = new Thread(this::serve, "fuse-" + directory.getFileName());
    server.setDaemon(true);
    try {
      mount();
    } catch (IOException e) {
      FuseCalls.INSTANCE.close(device);
      throw e;
    }
    server.start();
  }

  /** Serves a file instead of the one before, under another name, and returns its path. */
  Path serve(ServedFile file) {
    return directory.resolve(requests.serve(file));
  }

  private static int open() throws IOException {
    try {
      return FuseCalls.INSTANCE.open(DEVICE, FuseCalls.O_RDWR | FuseCalls.O_CLOEXEC);
    } catch (LastErrorException e) {
      throw new IOException(
          "%s can't be opened: is this root, and is the kernel's module fuse loaded?"
              .formatted(DEVICE),
          e);
    }
  }

  private void mount() throws IOException {
    String options = "fd=%d,rootmode=40000,user_id=0,group_id=0".formatted(device);
    long flags = FuseCalls.MS_NOSUID | FuseCalls.MS_NODEV;
    try {
      FuseCalls.INSTANCE.mount("write-log", directory.toString(), "fuse", flags, options);
    } catch (LastErrorException e) {
      throw new IOException("fuse can't be mounted on " + directory, e);
    }
  }

  /** Ends when it is unmounted. If it ends earlier, nobody waits for an answer in vain. */
  private void serve() {
    try {
      ByteBuffer request = buffer();
      ByteBuffer reply = buffer();
      while (receive(request)) {
        if (requests.answer(request, reply)) {
          send(reply);
        }
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      FuseCalls.INSTANCE.close(device);
    }
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(FuseRequests.MOST_BYTES).order(ByteOrder.nativeOrder());
  }

  /** Returns false if there will be no more. */
  private boolean receive(ByteBuffer request) {
    while (true) {
      try {
        request.clear();
        int length = (int) FuseCalls.INSTANCE.read(device, request, request.capacity());
        request.limit(length);
        return true;
      } catch (LastErrorException e) {
        int error = e.getErrorCode();
        if (error == FuseCalls.ENODEV) {
          return false;
        }
        // The one that was to be read has been given up.
        if (error != FuseCalls.ENOENT && error != FuseCalls.EINTR && error != FuseCalls.EAGAIN) {
          throw e;
        }
      }
    }
  }

  private void send(ByteBuffer reply) {
    try {
      FuseCalls.INSTANCE.write(device, reply, reply.remaining());
    } catch (LastErrorException e) {
      // Who asked waits no more.
      if (e.getErrorCode() != FuseCalls.ENOENT && e.getErrorCode() != FuseCalls.ENODEV) {
        throw e;
      }
    }
  }

  /** Unmounts it; nobody has the file open. If somebody has, they get errors, and this fails. */
  @Override
  public void close() throws IOException {
    try {
      Command.run("umount", directory.toString());
    } catch (IOException e) {
      FuseCalls.INSTANCE.umount2(directory.toString(), FuseCalls.MNT_FORCE | FuseCalls.MNT_DETACH);
      throw e;
    } finally {
      awaitEnd();
    }
    Throwable cause = failure;
    if (cause != null) {
      throw new IOException("the file in " + directory + " was no longer served", cause);
    }
  }

  private void awaitEnd() throws IOException {
    try {
      server.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (server.isAlive()) {
      throw new IOException("the server of " + directory + " does not end");
    }
  }
}

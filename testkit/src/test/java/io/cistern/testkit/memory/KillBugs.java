package io.cistern.testkit.memory;

import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.SessionForm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;

/** The lock of a pool on a directory of the machine's, and bugs that only a kill shows. */
final class KillBugs {
  private KillBugs() {}

  /** The system gives it back when the process ends, however that ends. */
  static AutoCloseable lock(Path place) throws IOException {
    Path owner = place.resolve("owner");
    FileChannel channel =
        FileChannel.open(
            place.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw locked(Files.readString(owner));
      }
      Files.writeString(owner, pid());
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw locked(pid());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** A file that says who has the pool, whether or not that process lives. */
  static AutoCloseable lockThatOutlives(Path place) throws IOException {
    Path owner = place.resolve("owner");
    try {
      Files.writeString(owner, pid(), StandardOpenOption.CREATE_NEW);
      return () -> Files.delete(owner);
    } catch (FileAlreadyExistsException e) {
      throw locked(Files.readString(owner));
    }
  }

  /** The system gives a lock back when the process closes any descriptor of the file. */
  static AutoCloseable lockThatDiesEarly(Path place) throws IOException {
    AutoCloseable lock = lock(place);
    Files.readAllBytes(place.resolve("lock"));
    return lock;
  }

  private static String pid() {
    return Long.toString(ProcessHandle.current().pid());
  }

  private static DriverException locked(String owner) {
    return new DriverException(
        Code.LOCKED, "the process %s has the pool open".formatted(owner), "Close it there");
  }

  /** Commits when the pool is closed, or somebody asks: an orderly process never notices. */
  static final class CommitAtExit extends MemoryVolume {
    private OptionalInt waiting = OptionalInt.empty();

    CommitAtExit(MemoryPool pool, VolumeConfig config) {
      super(pool, config);
    }

    @Override
    protected synchronized void doCommit(int revisionsToKeep) {
      waiting = OptionalInt.of(revisionsToKeep);
    }

    @Override
    protected SessionForm doSession() throws IOException {
      catchUp();
      return super.doSession();
    }

    synchronized void catchUp() throws IOException {
      if (waiting.isPresent()) {
        int revisionsToKeep = waiting.getAsInt();
        waiting = OptionalInt.empty();
        super.doCommit(revisionsToKeep);
      }
    }
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.linux.Access;
import io.cistern.linux.Directory;
import io.cistern.linux.Errno;
import io.cistern.linux.Linux;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Keeps a thin pool for one process (rule 106): a lock on a file that is named after the UUIDs of
 * the volume group and of the pool, so that no other name of them leads around it. The lock goes
 * with the process; the file stays, since one that is removed could be locked twice.
 */
final class PoolLock implements AutoCloseable {
  private final OpenFile file;

  private PoolLock(OpenFile file) {
    this.file = file;
  }

  static PoolLock take(Linux linux, Path directory, String volumeGroupUuid, String poolUuid)
      throws IOException {
    String name = "cistern-%s-%s.lock".formatted(volumeGroupUuid, poolUuid);
    try (Directory locks = linux.openDirectory(directory);
        Undo undo = new Undo()) {
      OpenFile file = openOrCreate(locks, name);
      undo.push(file::close);
      if (!file.tryLock()) {
        throw new DriverException(
            Code.LOCKED,
            "it is open in " + owner(file.lockOwner()),
            "One process owns a pool: end that one, or close the pool there");
      }
      undo.disarm();
      return new PoolLock(file);
    }
  }

  private static OpenFile openOrCreate(Directory locks, String name) throws IOException {
    Optional<OpenFile> present = locks.openFileIfPresent(name, Access.READ_WRITE);
    if (present.isPresent()) {
      return present.get();
    }
    try {
      return locks.createFile(name);
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.EEXIST)) {
        return locks.openFile(name, Access.READ_WRITE);
      }
      throw e;
    }
  }

  private static String owner(OptionalLong pid) {
    if (pid.isEmpty()) {
      return "another process (its pid is not visible from here)";
    }
    boolean own = pid.getAsLong() == ProcessHandle.current().pid();
    return "process %d%s".formatted(pid.getAsLong(), own ? ", this one" : "");
  }

  @Override
  public void close() {
    file.close();
  }
}

package io.cistern.directory;

import io.cistern.linux.Directory;
import io.cistern.linux.DurableFiles;
import io.cistern.linux.Errno.Meaning;
import io.cistern.linux.FileStatus;
import io.cistern.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The open directory that a volume's files are in; other volumes may have theirs in it too. */
public final class VolumeFolder implements AutoCloseable {
  private final Directory directory;
  private final Runnable release;
  private final boolean owned;

  VolumeFolder(Directory directory, Runnable release, boolean owned) {
    this.directory = directory;
    this.release = release;
    this.owned = owned;
  }

  /** Returns the directory. */
  public Directory directory() {
    return directory;
  }

  /** Returns the path of a file in it. */
  public Path path(String name) {
    return directory.path().resolve(name);
  }

  /** Returns the status of a regular file; what is something else is not ours, and as absent. */
  public Optional<FileStatus> file(String name) throws IOException {
    return directory.status(name).filter(FileStatus::isRegularFile);
  }

  /** Removes a file if it is there and ours, and nobody else does; tells whether it was. */
  public boolean remove(String name) throws IOException {
    if (file(name).isEmpty()) {
      return false;
    }
    try {
      DurableFiles.remove(directory, name);
      return true;
    } catch (SystemCallException e) {
      if (DirectoryFailures.says(e, Meaning.ABSENT) && file(name).isEmpty()) {
        return false;
      }
      throw e;
    }
  }

  /** Closes the directory, and lets it be removed again. */
  @Override
  public void close() {
    release.run();
    if (owned) {
      directory.close();
    }
  }
}

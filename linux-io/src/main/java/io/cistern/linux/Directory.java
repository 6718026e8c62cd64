package io.cistern.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An open directory. Owns its descriptor, and stays on its inode wherever that is moved to.
 *
 * <p>A name is that of one entry: one that is empty, {@code .} or {@code ..}, or has a slash or a
 * NUL, is refused with {@link IllegalArgumentException}. No symbolic link is followed. Nothing is
 * durable before {@link #sync()}.
 *
 * <p>Safe for use by many threads; {@link #close()} waits for the calls that are running. After it,
 * every other method throws {@link IllegalStateException}.
 */
public final class Directory implements AutoCloseable {
  private final Opener opener;
  private final Descriptor descriptor;

  Directory(Opener opener, Descriptor descriptor) {
    this.opener = opener;
    this.descriptor = descriptor;
  }

  /** Returns the path that it was opened by, for messages; a rename does not change it. */
  public Path path() {
    return descriptor.path();
  }

  /**
   * Opens a directory in this one; see openat(2).
   *
   * @throws SystemCallException with ELOOP for a symbolic link, ENOTDIR for what else is not a
   *     directory
   */
  public Directory open(String name) throws SystemCallException {
    return new Directory(opener, opener.directory(descriptor, name));
  }

  /** Opens a directory in this one, empty if there is no such name; see {@link #open}. */
  public Optional<Directory> openIfPresent(String name) throws SystemCallException {
    try {
      return Optional.of(open(name));
    } catch (SystemCallException e) {
      return e.emptyIfAbsent();
    }
  }

  /**
   * Makes a directory with mode 0700; see mkdirat(2).
   *
   * @return false if there was one
   * @throws SystemCallException with EEXIST if the name is something else
   */
  public boolean makeDirectory(String name) throws SystemCallException {
    byte[] bytes = EntryName.encode(name);
    try {
      descriptor.call("mkdirat", full(name), fd -> LibC.mkdirat(fd, bytes, 0700));
      return true;
    } catch (SystemCallException e) {
      boolean exists = e.errno().equals(Errno.EEXIST);
      if (exists && status(name).filter(FileStatus::isDirectory).isPresent()) {
        return false;
      }
      throw e;
    }
  }

  /** Removes an empty directory; see unlinkat(2), AT_REMOVEDIR. */
  public void removeDirectory(String name) throws SystemCallException {
    byte[] bytes = EntryName.encode(name);
    descriptor.call(
        "unlinkat(AT_REMOVEDIR)", full(name), fd -> LibC.unlinkat(fd, bytes, LibC.AT_REMOVEDIR));
  }

  /**
   * Opens a regular file; see openat(2). A FIFO or device that somebody planted does not block.
   *
   * @throws SystemCallException with ELOOP for a symbolic link, EISDIR for a directory, EINVAL for
   *     what else is not a regular file (ENXIO for a socket)
   */
  public OpenFile openFile(String name, Access access) throws SystemCallException {
    return opener.file(descriptor, name, access);
  }

  /** Opens a regular file, empty if there is no such name; see {@link #openFile}. */
  public Optional<OpenFile> openFileIfPresent(String name, Access access)
      throws SystemCallException {
    try {
      return Optional.of(openFile(name, access));
    } catch (SystemCallException e) {
      return e.emptyIfAbsent();
    }
  }

  /**
   * Makes an empty file with mode 0600, open for reading and writing; see openat(2), O_EXCL.
   *
   * @throws SystemCallException with EEXIST if the name exists, whatever it is
   */
  public OpenFile createFile(String name) throws SystemCallException {
    return opener.create(descriptor, name);
  }

  /** Returns what statx(2) tells about an entry, empty if there is no such name. */
  public Optional<FileStatus> status(String name) throws SystemCallException {
    return Statx.of(descriptor, name);
  }

  /**
   * Returns the names of all entries but {@code .} and {@code ..}, sorted; see readdir(3). A name
   * that is not UTF-8 has replacement characters in it, and nothing can be done with it.
   */
  public List<String> list() throws SystemCallException {
    return DirectoryListing.of(descriptor, opener.directoryFlags());
  }

  /** Renames an entry, replacing what has the new name; see renameat(2). */
  public void rename(String from, String to) throws SystemCallException {
    byte[] source = EntryName.encode(from);
    byte[] target = EntryName.encode(to);
    descriptor.call("renameat", full(from, to), fd -> LibC.renameat(fd, source, fd, target));
  }

  /**
   * Renames an entry to a name that is free; see renameat2(2), RENAME_NOREPLACE.
   *
   * @throws SystemCallException with EEXIST if it is not
   */
  public void renameNoReplace(String from, String to) throws SystemCallException {
    renameWith("renameat2(RENAME_NOREPLACE)", from, to, NewerLibC.RENAME_NOREPLACE);
  }

  /** Swaps two entries in one step; see renameat2(2), RENAME_EXCHANGE. */
  public void exchange(String one, String other) throws SystemCallException {
    renameWith("renameat2(RENAME_EXCHANGE)", one, other, NewerLibC.RENAME_EXCHANGE);
  }

  private void renameWith(String call, String from, String to, int flags)
      throws SystemCallException {
    byte[] source = EntryName.encode(from);
    byte[] target = EntryName.encode(to);
    descriptor.call(call, full(from, to), fd -> NewerLibC.renameat2(fd, source, fd, target, flags));
  }

  /**
   * Gives a file one more name; see linkat(2).
   *
   * @throws SystemCallException with EEXIST if the new name exists
   */
  public void link(String from, String to) throws SystemCallException {
    byte[] source = EntryName.encode(from);
    byte[] target = EntryName.encode(to);
    descriptor.call("linkat", full(from, to), fd -> LibC.linkat(fd, source, fd, target, 0));
  }

  /** Removes an entry that is not a directory; see unlinkat(2). */
  public void unlink(String name) throws SystemCallException {
    byte[] bytes = EntryName.encode(name);
    descriptor.call("unlinkat", full(name), fd -> LibC.unlinkat(fd, bytes, 0));
  }

  /**
   * Removes an entry that is not a directory.
   *
   * @return false if there was none
   */
  public boolean unlinkIfPresent(String name) throws SystemCallException {
    try {
      unlink(name);
      return true;
    } catch (SystemCallException e) {
      return e.emptyIfAbsent().isPresent();
    }
  }

  /** Makes all changes to the entries durable; see fsync(2). */
  public void sync() throws SystemCallException {
    descriptor.sync("fsync", LibC::fsync);
  }

  /**
   * Locks the directory for this object, until it is closed; see flock(2). Excludes other objects
   * on the same directory, in this process too.
   *
   * @return false if somebody has it, see {@link #lockOwner()}
   */
  public boolean tryLock() throws SystemCallException {
    return FileLocks.tryLock(descriptor);
  }

  /**
   * Returns the id of the process that took the lock, from proc_locks(5); empty if nobody has it,
   * or if it cannot be told which of several locks it is.
   */
  public OptionalLong lockOwner() throws SystemCallException {
    return ProcLocks.owner(opener.kernel(), status());
  }

  /** Returns what statfs(2) tells about the file system that the directory is on. */
  public FileSystemStatus fileSystem() throws SystemCallException {
    return FileSystemStatus.of(descriptor, opener.architecture());
  }

  /** Returns what statx(2) tells about the directory itself. */
  public FileStatus status() throws SystemCallException {
    return Statx.of(descriptor);
  }

  private String full(String name) {
    return descriptor.full(name);
  }

  private String full(String from, String to) {
    return full(from) + " to " + full(to);
  }

  /**
   * Closes the descriptor, which gives up the lock; a second time does nothing. An error of
   * close(2) is logged at WARN: the descriptor is gone all the same.
   */
  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return path().toString();
  }
}

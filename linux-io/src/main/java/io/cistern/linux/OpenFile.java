package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An open regular file or block device. Owns its descriptor. Offsets and lengths are in bytes.
 *
 * <p>Safe for use by many threads; {@link #close()} waits for the calls that are running. After it,
 * every other method throws {@link IllegalStateException}.
 */
public final class OpenFile implements AutoCloseable {
  private final Descriptor descriptor;
  private final Opener opener;

  OpenFile(Descriptor descriptor, Opener opener) {
    this.descriptor = descriptor;
    this.opener = opener;
  }

  static long cloneRequest(Architecture architecture) {
    return architecture.ioctlWrite(0x94, 9, Integer.BYTES);
  }

  /** Returns the path that it was opened by, for messages; a rename does not change it. */
  public Path path() {
    return descriptor.path();
  }

  /**
   * Returns {@code /proc/self/fd/N}, by which this process can open the same inode again, whatever
   * its name is now. See proc_pid_fd(5).
   */
  public Path descriptorPath() {
    return Path.of("/proc/self/fd/" + descriptor.number());
  }

  int number() {
    return descriptor.number();
  }

  /** Returns what statx(2) tells about the file. */
  public FileStatus status() throws SystemCallException {
    return Statx.of(descriptor);
  }

  /** Returns the size in bytes, also of a block device; see lseek(2), SEEK_END. */
  public long size() throws SystemCallException {
    return descriptor.call("lseek(SEEK_END)", fd -> LibC.lseek(fd, 0, LibC.SEEK_END));
  }

  /**
   * Makes this file share all blocks of another one, and have its size; see ioctl_ficlone(2). Is
   * neither durable when it returns nor atomic in a crash.
   *
   * @throws SystemCallException for example EOPNOTSUPP on a file system that cannot, EXDEV for a
   *     source on another one; see {@link DurableFiles#cloneOrCopy}
   */
  public void cloneFrom(OpenFile source) throws SystemCallException {
    NativeLong request = new NativeLong(cloneRequest(opener.architecture()));
    String arguments = path() + " from " + source.path();
    source.descriptor.lend(
        from ->
            descriptor.call(
                "ioctl(FICLONE)",
                arguments,
                fd -> VariadicLibC.INSTANCE.ioctl(fd, request, (long) from)));
  }

  /** Sets the size; what is added reads as zeros. See ftruncate(2). */
  public void truncate(long size) throws SystemCallException {
    descriptor.call("ftruncate", path() + " to " + size, fd -> LibC.ftruncate(fd, size));
  }

  /** Sets the permission bits; see fchmod(2). */
  public void changeMode(int mode) throws SystemCallException {
    descriptor.call(
        "fchmod", path() + " to " + Integer.toOctalString(mode), fd -> LibC.fchmod(fd, mode));
  }

  /** Makes content, size and attributes durable, the name not necessarily. See fsync(2). */
  public void sync() throws SystemCallException {
    descriptor.sync("fsync", LibC::fsync);
  }

  /** Makes content and size durable. See fdatasync(2). */
  public void dataSync() throws SystemCallException {
    descriptor.sync("fdatasync", LibC::fdatasync);
  }

  /**
   * Reads up to the buffer's remaining bytes, and moves its position. See pread(2).
   *
   * @return how many, which may be fewer than there is room for; -1 at the end of the file
   */
  public int read(ByteBuffer buffer, long offset) throws SystemCallException {
    return BufferCalls.read(descriptor, buffer, offset);
  }

  /** Writes all of the buffer's remaining bytes, and moves its position. See pwrite(2). */
  public void write(ByteBuffer buffer, long offset) throws SystemCallException {
    BufferCalls.write(descriptor, buffer, offset);
  }

  /**
   * Returns where the next data begin, at the offset or after it; empty if only a hole follows. See
   * lseek(2), SEEK_DATA. A block device answers EINVAL.
   */
  public OptionalLong nextData(long offset) throws SystemCallException {
    try {
      return OptionalLong.of(
          descriptor.call("lseek(SEEK_DATA)", fd -> LibC.lseek(fd, offset, LibC.SEEK_DATA)));
    } catch (SystemCallException e) {
      if (e.errno().equals(Errno.ENXIO)) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /**
   * Returns where the next hole begins, at the offset or after it; the end of the file is a hole.
   * See lseek(2), SEEK_HOLE.
   *
   * @throws SystemCallException with ENXIO if the offset is not inside the file
   */
  public long nextHole(long offset) throws SystemCallException {
    return descriptor.call("lseek(SEEK_HOLE)", fd -> LibC.lseek(fd, offset, LibC.SEEK_HOLE));
  }

  /**
   * Copies inside the kernel, which may share blocks instead. See copy_file_range(2).
   *
   * @return how many bytes, which may be fewer than asked for; 0 at the end of this file
   */
  public long copyRange(long offset, OpenFile target, long targetOffset, long length)
      throws SystemCallException {
    return BufferCalls.copyRange(descriptor, offset, target.descriptor, targetOffset, length);
  }

  /** Frees the blocks of a range, which then reads as zeros; the size stays. See fallocate(2). */
  public void punchHole(long offset, long length) throws SystemCallException {
    int mode = LibC.FALLOC_FL_PUNCH_HOLE | LibC.FALLOC_FL_KEEP_SIZE;
    descriptor.call(
        "fallocate(FALLOC_FL_PUNCH_HOLE)",
        range(offset, length),
        fd -> LibC.fallocate(fd, mode, offset, length));
  }

  /** Allocates blocks for a range, and makes the file that large at least. See fallocate(2). */
  public void allocate(long offset, long length) throws SystemCallException {
    descriptor.call(
        "fallocate", range(offset, length), fd -> LibC.fallocate(fd, 0, offset, length));
  }

  /**
   * Tells a block device that a range is no longer needed; what is read from it then is not told.
   * See BLKDISCARD in {@code linux/fs.h}.
   */
  public void discard(long offset, long length) throws SystemCallException {
    rangeRequest("ioctl(BLKDISCARD)", 119, offset, length);
  }

  /**
   * Makes a range of a block device read as zeros, if need be by writing them. See BLKZEROOUT in
   * {@code linux/fs.h}.
   */
  public void zeroOut(long offset, long length) throws SystemCallException {
    rangeRequest("ioctl(BLKZEROOUT)", 127, offset, length);
  }

  private void rangeRequest(String call, int number, long offset, long length)
      throws SystemCallException {
    NativeLong request = new NativeLong(opener.architecture().ioctl(0x12, number));
    try (Memory range = new Memory(2L * Long.BYTES)) {
      range.setLong(0, offset);
      range.setLong(Long.BYTES, length);
      descriptor.call(
          call,
          range(offset, length),
          fd -> VariadicLibC.INSTANCE.ioctl(fd, request, (Pointer) range));
    }
  }

  /**
   * Locks the file for this object, until it is closed; see flock(2). Excludes other objects on the
   * same file, in this process too.
   *
   * @return false if somebody has it, see {@link #lockOwner()}
   */
  public boolean tryLock() throws SystemCallException {
    return FileLocks.tryLock(descriptor);
  }

  /** Returns the id of the process that took the lock, as {@link Directory#lockOwner()} does. */
  public OptionalLong lockOwner() throws SystemCallException {
    return ProcLocks.owner(opener.kernel(), status());
  }

  private String range(long offset, long length) {
    return path() + " at " + offset + " for " + length;
  }

  /** Returns where the file is on disk, as far as that has been decided; see FIEMAP. */
  public List<Extent> extents() throws SystemCallException {
    return Fiemap.extents(descriptor, opener.architecture(), 0);
  }

  /** Writes the data out first, so that all of the file has its place; see FIEMAP_FLAG_SYNC. */
  public List<Extent> syncedExtents() throws SystemCallException {
    return Fiemap.extents(descriptor, opener.architecture(), Fiemap.FLAG_SYNC);
  }

  /**
   * Whether anything but this descriptor holds the inode: another descriptor of any process, this
   * one included, a loop device, a memory mapping. This file has to be open for {@link
   * Access#READ_WRITE}.
   *
   * <p>Asks for a write lease (fcntl(2)) and gives it back at once. For that instant an opener with
   * O_NONBLOCK gets EAGAIN, any other waits. Where there are no leases (some network file systems)
   * {@code /proc} and the loop devices are searched, as far as this process may look into them.
   *
   * <p>Another user's file gives this process no lease unless it has CAP_LEASE. Then there is such
   * a search too, and if there is a process that this one may not look into, the file counts as
   * held: nobody can tell.
   */
  public boolean isHeld() throws SystemCallException {
    return holding() != Holding.NOBODY;
  }

  /** Tells who is known to hold the inode, as {@link #isHeld()} finds out. */
  public Holding holding() throws SystemCallException {
    return switch (Lease.probe(descriptor)) {
      case GRANTED -> Holding.NOBODY;
      case REFUSED -> Holding.SOMEBODY;
      case DENIED -> found(false);
      case UNKNOWN -> found(true);
    };
  }

  private Holding found(boolean trustsWhatItSees) throws SystemCallException {
    FileStatus status = status();
    Kernel kernel = opener.kernel();
    ProcSearch.Found found = new ProcSearch(kernel).holdersBesides(status, descriptor.number());
    if (!found.holders().isEmpty() || !new LoopDevices(kernel, opener).backedBy(status).isEmpty()) {
      return Holding.SOMEBODY;
    }
    return trustsWhatItSees || found.isComplete() ? Holding.NOBODY : Holding.PERHAPS_SOMEBODY;
  }

  /**
   * Returns what tells this inode from all that ever were on its file system: the file handle of
   * name_to_handle_at(2), which contains the inode's generation. Where the file system has none:
   * device, inode number and time of birth.
   */
  public String identity() throws SystemCallException {
    return FileHandle.of(descriptor);
  }

  /**
   * Sets an extended attribute; see fsetxattr(2).
   *
   * @param name with its namespace: {@code "user.…"}
   */
  public void setAttribute(String name, String value) throws SystemCallException {
    ExtendedAttributes.set(descriptor, name, value);
  }

  /**
   * Returns an extended attribute, empty if the file does not have it; see fgetxattr(2).
   *
   * @param name with its namespace: {@code "user.…"}
   */
  public Optional<String> attribute(String name) throws SystemCallException {
    return ExtendedAttributes.get(descriptor, name);
  }

  /**
   * Closes the descriptor; a second time does nothing. An error of close(2) is logged at WARN: the
   * descriptor is gone all the same, and what matters was synced before.
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

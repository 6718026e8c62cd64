package io.cistern.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/**
 * Calls with a fixed number of arguments that every C library has, mapped directly. Where types are
 * given as {@code long}, C has {@code size_t}, {@code off_t} or {@code ssize_t}, which are 64 bits
 * wide on every architecture that {@link Linux#unavailable()} lets through.
 *
 * <p>errno comes by {@link LastErrorException} only: {@code Native.getLastError()} is wrong once a
 * virtual thread has moved.
 */
final class LibC {
  static final int AT_FDCWD = -100;
  static final int AT_REMOVEDIR = 0x200;
  static final int LOCK_EX_NB = 2 | 4;
  static final int SEEK_END = 2;
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;
  static final int FALLOC_FL_KEEP_SIZE = 1;
  static final int FALLOC_FL_PUNCH_HOLE = 2;

  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native int close(int fd) throws LastErrorException;

  static native int mkdirat(int directory, byte[] name, int mode) throws LastErrorException;

  static native int unlinkat(int directory, byte[] name, int flags) throws LastErrorException;

  static native int renameat(int fromDirectory, byte[] from, int toDirectory, byte[] to)
      throws LastErrorException;

  static native int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags)
      throws LastErrorException;

  static native int fsync(int fd) throws LastErrorException;

  static native int fdatasync(int fd) throws LastErrorException;

  static native int ftruncate(int fd, long length) throws LastErrorException;

  static native int fchmod(int fd, int mode) throws LastErrorException;

  static native int fallocate(int fd, int mode, long offset, long length) throws LastErrorException;

  static native long lseek(int fd, long offset, int whence) throws LastErrorException;

  static native long pread(int fd, Pointer buffer, long count, long offset)
      throws LastErrorException;

  static native long pwrite(int fd, Pointer buffer, long count, long offset)
      throws LastErrorException;

  static native int flock(int fd, int operation) throws LastErrorException;

  static native int fstatfs(int fd, Pointer statfs) throws LastErrorException;

  static native int fsetxattr(int fd, byte[] name, byte[] value, long size, int flags)
      throws LastErrorException;

  static native long fgetxattr(int fd, byte[] name, Pointer value, long size)
      throws LastErrorException;

  static native int semop(int semaphores, Pointer operations, long count) throws LastErrorException;

  static native int semget(int key, int count, int flags) throws LastErrorException;

  static native Pointer fdopendir(int fd) throws LastErrorException;

  static native Pointer readdir(Pointer stream) throws LastErrorException;

  static native int closedir(Pointer stream) throws LastErrorException;
}

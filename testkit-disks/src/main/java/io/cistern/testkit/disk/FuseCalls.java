package io.cistern.testkit.disk;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.nio.ByteBuffer;

/** The system calls that serve a file system from user space. Sizes are {@code size_t}. */
interface FuseCalls extends Library {
  FuseCalls INSTANCE = Native.load("c", FuseCalls.class);

  int O_RDWR = 2;

  /** The same on every architecture that linux-io works on. */
  int O_CLOEXEC = 0x80000;

  long MS_NOSUID = 2;
  long MS_NODEV = 4;
  int MNT_FORCE = 1;
  int MNT_DETACH = 2;

  int EINTR = 4;
  int ENOENT = 2;
  int EIO = 5;
  int EAGAIN = 11;
  int ENODEV = 19;
  int ENOSYS = 38;
  int EOPNOTSUPP = 95;
  int ESTALE = 116;

  int open(String path, int flags, Object... mode) throws LastErrorException;

  int close(int fd) throws LastErrorException;

  long read(int fd, ByteBuffer buffer, long count) throws LastErrorException;

  long write(int fd, ByteBuffer buffer, long count) throws LastErrorException;

  int mount(String source, String target, String type, long flags, String options)
      throws LastErrorException;

  int umount2(String target, int flags) throws LastErrorException;
}

package io.cistern.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;

/**
 * Calls with a variable number of arguments: direct mapping cannot make them, since some ABIs pass
 * variable arguments in other places than fixed ones.
 *
 * <p>What C reads with {@code va_arg(…, void *)} is passed as a {@code Long} or a {@code Pointer}:
 * an {@code Integer} would leave the upper half of the register to chance.
 */
interface VariadicLibC extends Library {
  VariadicLibC INSTANCE = Native.load("c", VariadicLibC.class);

  int F_SETSIG = 10;
  int F_SETLEASE = 1024;
  long F_WRLCK = 1;
  long F_UNLCK = 2;

  /** The mode, if there is one, is an {@code Integer}. */
  int openat(int directory, byte[] path, int flags, Object... mode) throws LastErrorException;

  int fcntl(int fd, int command, Object... argument) throws LastErrorException;

  int semctl(int semaphores, int index, int command, Object... argument) throws LastErrorException;

  int ioctl(int fd, NativeLong request, Object... argument) throws LastErrorException;
}

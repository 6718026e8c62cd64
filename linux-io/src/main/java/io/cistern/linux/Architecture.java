package io.cistern.linux;

import com.sun.jna.Platform;
import java.util.Optional;

/**
 * Where the Linux ABI of one processor differs from that of another, as far as this module uses it:
 * the open flags of {@code asm/fcntl.h}, the layout of {@code asm/ioctl.h} and the width of a word
 * in {@code asm/statfs.h}.
 */
enum Architecture {
  /** x86-64, riscv64, loongarch64: what {@code asm-generic} says. */
  GENERIC(0x10000, 0x20000, 14, 2, 1, 8),
  /** Has a {@code struct statfs} of its own. */
  S390(0x10000, 0x20000, 14, 2, 1, 4),
  ARM(0x4000, 0x8000, 14, 2, 1, 8),
  POWERPC(0x4000, 0x8000, 13, 2, 4, 8),
  MIPS(0x10000, 0x20000, 13, 2, 4, 8),
  SPARC(0x10000, 0x20000, 13, 2, 4, 8);

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  final int openDirectory;
  final int openNoFollow;
  final int statfsWord;
  private final int ioctlSizeBits;
  private final int ioctlRead;
  private final int ioctlWrite;

  Architecture(
      int openDirectory,
      int openNoFollow,
      int ioctlSizeBits,
      int ioctlRead,
      int ioctlWrite,
      int statfsWord) {
    this.openDirectory = openDirectory;
    this.openNoFollow = openNoFollow;
    this.ioctlSizeBits = ioctlSizeBits;
    this.ioctlRead = ioctlRead;
    this.ioctlWrite = ioctlWrite;
    this.statfsWord = statfsWord;
  }

  static Architecture current() {
    return of(Platform.ARCH);
  }

  /** Returns the architecture that JNA calls by this name, as in {@code Platform.ARCH}. */
  static Architecture of(String name) {
    if (name.startsWith("arm") || name.startsWith("aarch64")) {
      return ARM;
    }
    if (name.startsWith("ppc")) {
      return POWERPC;
    }
    if (name.startsWith("mips")) {
      return MIPS;
    }
    if (name.startsWith("sparc")) {
      return SPARC;
    }
    return name.startsWith("s390") ? S390 : GENERIC;
  }

  /** Returns why the module does not work here, empty if it does. */
  Optional<String> unsupported() {
    // Their errno and open flag numbers are not those of this module.
    return this == MIPS || this == SPARC
        ? Optional.of("the system call numbers of " + Platform.ARCH + " are not known here")
        : Optional.empty();
  }

  /** {@code _IO} of {@code asm/ioctl.h}. */
  long ioctl(int type, int number) {
    // powerpc has a bit for "no data", as it has one for each direction.
    return ioctl(ioctlSizeBits == 13 ? 1 : 0, type, number, 0);
  }

  /** {@code _IOW} of {@code asm/ioctl.h}. */
  long ioctlWrite(int type, int number, int size) {
    return ioctl(ioctlWrite, type, number, size);
  }

  /** {@code _IOWR} of {@code asm/ioctl.h}. */
  long ioctlReadWrite(int type, int number, int size) {
    return ioctl(ioctlRead | ioctlWrite, type, number, size);
  }

  private long ioctl(int direction, int type, int number, int size) {
    return ((long) direction << (16 + ioctlSizeBits))
        | ((long) size << 16)
        | ((long) type << 8)
        | number;
  }
}

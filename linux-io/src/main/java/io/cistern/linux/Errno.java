package io.cistern.linux;

import java.io.Serializable;
import java.util.Set;

/**
 * The error of a system call: a number and its symbolic name, such as {@code ENOSPC}.
 *
 * <p>The numbers are those of the generic Linux ABI (see errno(3)); architectures that number them
 * differently are refused by {@link Linux#unavailable()}. This class is the one place where numbers
 * are given a meaning.
 *
 * @param number as in {@code errno}
 * @param name the symbolic name, {@code E<number>} for a number without one
 */
public record Errno(int number, String name) implements Serializable {
  public static final Errno EPERM = of(1);
  public static final Errno ENOENT = of(2);
  public static final Errno EINTR = of(4);
  public static final Errno EIO = of(5);
  public static final Errno ENXIO = of(6);
  public static final Errno EBADF = of(9);
  public static final Errno EAGAIN = of(11);
  public static final Errno ENOMEM = of(12);
  public static final Errno EACCES = of(13);
  public static final Errno EBUSY = of(16);
  public static final Errno EEXIST = of(17);
  public static final Errno EXDEV = of(18);
  public static final Errno ENODEV = of(19);
  public static final Errno ENOTDIR = of(20);
  public static final Errno EISDIR = of(21);
  public static final Errno EINVAL = of(22);
  public static final Errno ENFILE = of(23);
  public static final Errno EMFILE = of(24);
  public static final Errno ENOTTY = of(25);
  public static final Errno ETXTBSY = of(26);
  public static final Errno EFBIG = of(27);
  public static final Errno ENOSPC = of(28);
  public static final Errno EROFS = of(30);
  public static final Errno EMLINK = of(31);
  public static final Errno ERANGE = of(34);
  public static final Errno ENAMETOOLONG = of(36);
  public static final Errno ENOLCK = of(37);
  public static final Errno ENOSYS = of(38);
  public static final Errno ENOTEMPTY = of(39);
  public static final Errno ELOOP = of(40);
  public static final Errno ENODATA = of(61);
  public static final Errno EOVERFLOW = of(75);
  public static final Errno EOPNOTSUPP = of(95);
  public static final Errno ENOTCONN = of(107);
  public static final Errno ESTALE = of(116);
  public static final Errno EDQUOT = of(122);

  private static final Set<Errno> CANNOT_CLONE = Set.of(EOPNOTSUPP, EXDEV, EINVAL, ENOTTY, ENOSYS);

  /** What an error means to a caller, as far as that is certain. */
  public enum Meaning {
    /** The file system or the quota is full. */
    OUT_OF_SPACE,
    /** The file system is mounted read-only, or went read-only after an error. */
    READ_ONLY_FILE_SYSTEM,
    /** There is no such name. */
    ABSENT,
    /** The name exists already. */
    EXISTS,
    /** The name is a symbolic link, which is never followed. */
    SYMBOLIC_LINK,
    /** The process may not do this. */
    DENIED,
    /** Somebody uses the object; it may work later. */
    BUSY,
    /** A size or offset is more than the file system can hold. */
    TOO_LARGE,
    /** The kernel or the file system cannot do this at all. */
    UNSUPPORTED,
    /** Anything else, errors that mean different things for different calls included. */
    OTHER
  }

  /** Refuses a name that is not the number's. */
  public Errno {
    if (!name.equals(ErrnoTable.name(number))) {
      throw new IllegalArgumentException("errno " + number + " is not called " + name);
    }
  }

  /** Returns the error with this number; a number that nobody knows is named after itself. */
  public static Errno of(int number) {
    return new Errno(number, ErrnoTable.name(number));
  }

  /** Returns what strerror(3) says in the C locale, for example "No space left on device". */
  public String description() {
    return ErrnoTable.text(number);
  }

  /** Returns what the error means, whatever the call. */
  public Meaning meaning() {
    return switch (name) {
      case "ENOSPC", "EDQUOT" -> Meaning.OUT_OF_SPACE;
      case "EROFS" -> Meaning.READ_ONLY_FILE_SYSTEM;
      case "ENOENT" -> Meaning.ABSENT;
      case "EEXIST" -> Meaning.EXISTS;
      case "ELOOP" -> Meaning.SYMBOLIC_LINK;
      case "EACCES", "EPERM" -> Meaning.DENIED;
      case "EBUSY", "ETXTBSY", "EAGAIN" -> Meaning.BUSY;
      case "EFBIG", "EOVERFLOW" -> Meaning.TOO_LARGE;
      case "EOPNOTSUPP", "ENOTTY", "ENOSYS" -> Meaning.UNSUPPORTED;
      default -> Meaning.OTHER;
    };
  }

  /**
   * Whether ioctl_ficlone(2), failing so, says that these two files cannot share blocks, rather
   * than that something is broken or full. EINVAL is among them: btrfs answers it when only one of
   * the files is NOCOW.
   */
  public boolean saysCannotClone() {
    return CANNOT_CLONE.contains(this);
  }

  /** Whether lseek(2), failing so, says that the file has no notion of holes. */
  boolean saysCannotSeekData() {
    return equals(EINVAL) || meaning() == Meaning.UNSUPPORTED;
  }

  /** Returns the symbolic name. */
  @Override
  public String toString() {
    return name;
  }
}

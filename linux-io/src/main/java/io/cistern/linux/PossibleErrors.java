package io.cistern.linux;

import static io.cistern.linux.Errno.*;
import static java.util.Map.entry;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which errors each call can return, from section 2 of the manual and from what btrfs, XFS and ext4
 * were seen to do: btrfs may refuse even an unlink with ENOSPC, since it needs metadata for it.
 */
final class PossibleErrors {
  private static final Set<Errno> WRITE = Set.of(EIO, ENOSPC, EDQUOT, EROFS);
  private static final Set<Errno> NAMESPACE = with(WRITE, EACCES, EPERM, ENOENT, ENOMEM);

  private static final Map<String, Set<Errno>> BY_CALL =
      Map.ofEntries(
          entry(
              "openat", Set.of(EACCES, EINTR, EIO, ELOOP, EMFILE, ENFILE, ENOENT, ENOMEM, ENOTDIR)),
          entry("openat(O_CREAT)", with(NAMESPACE, EEXIST, EINTR, EMFILE, ENFILE, ENAMETOOLONG)),
          entry("mkdirat", with(NAMESPACE, EEXIST, EMLINK, ENAMETOOLONG)),
          entry("unlinkat", with(NAMESPACE, EBUSY, EISDIR)),
          entry("unlinkat(AT_REMOVEDIR)", with(NAMESPACE, EBUSY, ENOTEMPTY, ENOTDIR)),
          entry("renameat", with(NAMESPACE, EBUSY, EISDIR, EMLINK)),
          entry("renameat2(RENAME_NOREPLACE)", with(NAMESPACE, EBUSY, EEXIST, EINVAL, ENOSYS)),
          entry("renameat2(RENAME_EXCHANGE)", with(NAMESPACE, EBUSY, EINVAL, ENOSYS)),
          entry("linkat", with(NAMESPACE, EEXIST, EMLINK, EXDEV)),
          entry("statx", Set.of(EACCES, EIO, ENOENT, ENOMEM)),
          entry("getdents64", Set.of(EIO, EMFILE, ENFILE, ENOENT)),
          entry("flock", Set.of(EAGAIN, EINTR, ENOLCK)),
          entry("fstatfs", Set.of(EIO, ENOSYS)),
          entry("fsync", with(WRITE, EINTR)),
          entry("fdatasync", with(WRITE, EINTR)),
          entry("fchmod", with(WRITE, EPERM)),
          entry("ftruncate", with(WRITE, EFBIG, EINTR, ETXTBSY)),
          entry("pread64", Set.of(EINTR, EIO)),
          entry("pwrite64", with(WRITE, EFBIG, EINTR)),
          entry("lseek(SEEK_END)", Set.of(EIO)),
          entry("lseek(SEEK_DATA)", Set.of(EIO, EINVAL, ENXIO)),
          entry("lseek(SEEK_HOLE)", Set.of(EIO, EINVAL, ENXIO)),
          entry("copy_file_range", with(WRITE, EFBIG, EINTR, EINVAL, EOPNOTSUPP, ETXTBSY, EXDEV)),
          entry("fallocate", with(WRITE, EFBIG, EINTR, EOPNOTSUPP)),
          entry("fallocate(FALLOC_FL_PUNCH_HOLE)", with(WRITE, EINTR, EOPNOTSUPP)),
          entry(
              "ioctl(FICLONE)",
              with(WRITE, EINVAL, ENOMEM, ENOTTY, EOPNOTSUPP, EPERM, ETXTBSY, EXDEV)),
          entry("ioctl(FS_IOC_FIEMAP)", Set.of(EIO, ENOMEM, ENOTTY, EOPNOTSUPP)),
          entry("ioctl(LOOP_GET_STATUS64)", Set.of(EACCES, EIO, EMFILE, ENFILE)),
          entry("ioctl(LOOP_SET_CAPACITY)", Set.of(ENXIO, EPERM)),
          entry("ioctl(LOOP_CTL_GET_FREE)", Set.of(ENOMEM, ENOSPC)),
          entry("ioctl(LOOP_CONFIGURE)", Set.of(EBADF, EBUSY, EINVAL, EPERM)),
          entry("ioctl(DM_LIST_DEVICES)", Set.of(ENOMEM)),
          entry("ioctl(DM_DEV_CREATE)", Set.of(EBUSY, EINVAL, ENOMEM)),
          entry("ioctl(DM_TABLE_LOAD)", Set.of(EINVAL, EIO, ENOMEM, ENXIO)),
          entry("ioctl(DM_DEV_SUSPEND)", Set.of(EINVAL, ENOMEM, ENXIO)),
          entry("ioctl(DM_DEV_SUSPEND, 0)", Set.of(EINVAL, ENOMEM, ENXIO)),
          entry("ioctl(DM_DEV_STATUS)", Set.of(EINVAL, ENOMEM)),
          entry("ioctl(DM_TABLE_STATUS)", Set.of(ENOMEM, ENXIO)),
          entry("ioctl(DM_TARGET_MSG)", Set.of(EINVAL, EIO, ENOMEM, ENXIO)),
          entry("ioctl(DM_DEV_REMOVE)", Set.of(EBUSY, EINVAL)),
          entry("ioctl(BLKDISCARD)", Set.of(EIO, EINVAL, EOPNOTSUPP)),
          entry("ioctl(BLKZEROOUT)", Set.of(EIO, EINVAL, ENOSPC)),
          entry("semget", Set.of(ENOMEM, ENOSPC)),
          entry("semop", Set.of(EINVAL, ERANGE)),
          entry("semctl(IPC_RMID)", Set.of(EINVAL)),
          entry("fcntl(F_SETSIG)", Set.of(EINVAL)),
          // EACCES is an answer: the file is another user's.
          entry("fcntl(F_SETLEASE, F_WRLCK)", Set.of(EAGAIN, EINVAL, ENOMEM)),
          entry("fcntl(F_SETLEASE, F_UNLCK)", Set.of(EAGAIN)),
          entry("name_to_handle_at", Set.of(ENOSYS, EOPNOTSUPP)),
          entry("fsetxattr", with(WRITE, EACCES, EOPNOTSUPP, EPERM)),
          entry("fgetxattr", Set.of(EACCES, EIO, ENODATA, EOPNOTSUPP)),
          entry("read(/proc/locks)", Set.of(EACCES, EMFILE, ENOENT)),
          entry("scan(/proc)", Set.of(EACCES, EMFILE, ENOENT)),
          entry("close", Set.of(EIO)));

  /** What these calls answer when there is nothing, or something already. */
  private static final Map<String, Set<Errno>> ANSWERS =
      Map.ofEntries(
          entry("openat", Set.of(ENOENT)),
          entry("openat(O_CREAT)", Set.of(EEXIST)),
          entry("mkdirat", Set.of(EEXIST)),
          entry("statx", Set.of(ENOENT)),
          entry("lseek(SEEK_DATA)", Set.of(ENXIO)),
          entry("fgetxattr", Set.of(ENODATA)));

  private PossibleErrors() {}

  static Set<Errno> of(String call) {
    return BY_CALL.getOrDefault(call, Set.of());
  }

  /** Tells whether an error is a call's way to tell what there is. */
  static boolean isAnswer(String call, Errno errno) {
    return ANSWERS.getOrDefault(call, Set.of()).contains(errno);
  }

  private static Set<Errno> with(Set<Errno> base, Errno... more) {
    Set<Errno> all = new HashSet<>(base);
    all.addAll(Set.of(more));
    return Set.copyOf(all);
  }
}

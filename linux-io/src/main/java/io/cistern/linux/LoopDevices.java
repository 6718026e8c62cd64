package io.cistern.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The loop devices of the machine; see loop(4). */
public final class LoopDevices {
  private static final Path SYS_BLOCK = Path.of("/sys/block");
  private static final Path DEV = Path.of("/dev");

  /** Of {@code linux/loop.h}, numbered before the ioctl layouts differed. */
  private static final NativeLong LOOP_GET_STATUS64 = new NativeLong(0x4C05);

  private static final NativeLong LOOP_SET_CAPACITY = new NativeLong(0x4C07);
  private static final int LOOP_INFO64_BYTES = 232;

  private final Kernel kernel;
  private final Opener opener;

  LoopDevices(Kernel kernel, Opener opener) {
    this.kernel = kernel;
    this.opener = opener;
  }

  /**
   * Returns the loop devices that are bound to this inode, under whatever name. One step for the
   * seam, however many loop devices the machine has.
   *
   * @throws SystemCallException also if a device cannot be asked and what sysfs tells about it does
   *     not rule out that it is bound to the file
   */
  public List<LoopDevice> backedBy(FileStatus file) throws SystemCallException {
    return kernel.search(
        "ioctl(LOOP_GET_STATUS64)",
        "/dev/loop*",
        () ->
            ProcSearch.children(SYS_BLOCK).stream()
                .filter(device -> device.getFileName().toString().startsWith("loop"))
                .filter(LoopDevices::isBound)
                .sorted()
                .filter(device -> isBackedBy(device, file))
                .map(device -> new LoopDevice(node(device)))
                .toList());
  }

  /**
   * Attaches a free loop device to a file. It detaches itself when nobody has it open any more.
   * Needs CAP_SYS_ADMIN.
   *
   * @param access whether the device can be written to
   */
  public LoopAttachment attach(OpenFile file, Access access) throws IOException {
    return new LoopAttaching(opener).attach(file, access);
  }

  /**
   * Makes the device as large as its file is now; see loop(4), LOOP_SET_CAPACITY. Needs
   * CAP_SYS_ADMIN.
   */
  public void refreshCapacity(LoopDevice device) throws SystemCallException {
    try (Descriptor descriptor = opener.device(device.path(), Access.READ)) {
      descriptor.call(
          "ioctl(LOOP_SET_CAPACITY)", fd -> VariadicLibC.INSTANCE.ioctl(fd, LOOP_SET_CAPACITY, 0L));
    }
  }

  private static boolean isBound(Path device) {
    return Files.exists(device.resolve("loop"));
  }

  private static Path node(Path sysfs) {
    return DEV.resolve(sysfs.getFileName());
  }

  private boolean isBackedBy(Path sysfs, FileStatus file) {
    try {
      int fd = opener.quietly(node(sysfs));
      try (Memory info = new Memory(LOOP_INFO64_BYTES)) {
        VariadicLibC.INSTANCE.ioctl(fd, LOOP_GET_STATUS64, info);
        return info.getLong(0) == file.device() && info.getLong(8) == file.inode();
      } finally {
        LibC.close(fd);
      }
    } catch (LastErrorException e) {
      return isFileSystemDead(e) ? false : sysfsSays(sysfs, file).orElseThrow(() -> e);
    }
  }

  /**
   * Tells whether the device did not answer because it lost the file system below it, as of a
   * server that is gone (FUSE, NFS). That of the file, whose status is known, has just answered.
   */
  private static boolean isFileSystemDead(LastErrorException failure) {
    Errno errno = Errno.of(failure.getErrorCode());
    return errno.equals(Errno.ENOTCONN) || errno.equals(Errno.ESTALE);
  }

  /**
   * Asks sysfs whether a device that does not answer is bound to the file. Empty if that is not to
   * be known: the file has lost the name that the device was bound by, or is in another mount
   * namespace. A path that this process may not even look at is not that of a file it works on.
   */
  private static Optional<Boolean> sysfsSays(Path sysfs, FileStatus file) {
    String backing;
    try {
      Path attribute = sysfs.resolve("loop/backing_file");
      backing = Files.readString(attribute, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      // Unbound since, or not to be read.
      return isBound(sysfs) ? Optional.empty() : Optional.of(false);
    }
    try {
      return Optional.of(Statx.quietly(backing).sameInode(file));
    } catch (LastErrorException e) {
      boolean denied = Errno.of(e.getErrorCode()).meaning() == Errno.Meaning.DENIED;
      return denied ? Optional.of(false) : Optional.empty();
    }
  }
}

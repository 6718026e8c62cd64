package io.cistern.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Locale;

/**
 * What statfs(2) tells about a file system. All figures are in bytes.
 *
 * @param blockSize the unit that space is allocated in
 * @param total the whole space
 * @param free unused space
 * @param available unused space that a process without privileges may fill
 * @param type the magic number, see {@code linux/magic.h}
 * @param name the usual name for the number, such as {@code "btrfs"}; {@code "ext4"} stands for
 *     ext2 and ext3 too, which have the same number. The number in hexadecimal if there is no name
 */
public record FileSystemStatus(
    long blockSize, long total, long free, long available, long type, String name) {
  private static final int STRUCT_BYTES = 120;

  static FileSystemStatus of(Descriptor descriptor, Architecture architecture)
      throws SystemCallException {
    try (Memory statfs = new Memory(STRUCT_BYTES)) {
      descriptor.call("fstatfs", fd -> LibC.fstatfs(fd, statfs));
      return parse(statfs, architecture.statfsWord);
    }
  }

  /** {@code struct statfs} has words first, then counts of 8 bytes, then words again. */
  private static FileSystemStatus parse(Pointer statfs, int word) {
    long type = word(statfs, 0, word) & 0xffff_ffffL;
    long blockSize = word(statfs, word, word);
    long counts = 2L * word;
    long words = counts + 5 * 8 + 8;
    long fragmentSize = word(statfs, words + word, word);
    // Counts are in fragments; file systems without a notion of them leave that at zero.
    long unit = fragmentSize == 0 ? blockSize : fragmentSize;
    return new FileSystemStatus(
        unit,
        statfs.getLong(counts) * unit,
        statfs.getLong(counts + 8) * unit,
        statfs.getLong(counts + 16) * unit,
        type,
        nameOf(type));
  }

  private static long word(Pointer statfs, long offset, int word) {
    return word == 8 ? statfs.getLong(offset) : Integer.toUnsignedLong(statfs.getInt(offset));
  }

  static String nameOf(long type) {
    return switch (Long.toHexString(type)) {
      case "9123683e" -> "btrfs";
      case "58465342" -> "xfs";
      case "ef53" -> "ext4";
      case "1021994" -> "tmpfs";
      case "794c7630" -> "overlay";
      case "6969" -> "nfs";
      case "f2f52010" -> "f2fs";
      case "2fc12fc1" -> "zfs";
      case "7461636f" -> "ocfs2";
      case "ca451a4e" -> "bcachefs";
      case "c36400" -> "ceph";
      case "65735546" -> "fuse";
      case "ff534d42", "fe534d42" -> "cifs";
      case "1021997" -> "9p";
      case "4d44" -> "vfat";
      case "2011bab0" -> "exfat";
      default -> String.format(Locale.ROOT, "0x%x", type);
    };
  }
}

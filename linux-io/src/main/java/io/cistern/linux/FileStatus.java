package io.cistern.linux;

import java.time.Instant;
import java.util.Optional;

/**
 * What statx(2) tells about a file.
 *
 * @param device the file system, as in {@code st_dev}; each btrfs subvolume has one of its own
 * @param inode the inode number
 * @param size in bytes; 0 for a block device, see {@link OpenFile#size()}
 * @param allocated bytes on disk, {@code st_blocks * 512}; shared blocks count in each file
 * @param links the number of names
 * @param mode permission bits, without the type
 * @param type what kind of file it is
 * @param mountId the mount that it was reached by, 0 before Linux 5.8
 * @param modified when the content was changed last
 * @param created when the inode was made, if the file system tells
 */
public record FileStatus(
    long device,
    long inode,
    long size,
    long allocated,
    int links,
    int mode,
    Type type,
    long mountId,
    Instant modified,
    Optional<Instant> created) {

  /** Kinds of files, as in inode(7). */
  public enum Type {
    /** A regular file. */
    REGULAR_FILE("regular file"),
    /** A directory. */
    DIRECTORY("directory"),
    /** A symbolic link. */
    SYMBOLIC_LINK("symbolic link"),
    /** A block device. */
    BLOCK_DEVICE("block device"),
    /** A character device. */
    CHARACTER_DEVICE("character device"),
    /** A named pipe. */
    FIFO("FIFO"),
    /** A socket. */
    SOCKET("socket"),
    /** None of these. */
    UNKNOWN("file of unknown type");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }

    /** Reads {@code S_IFMT} of a mode. */
    static Type ofMode(int mode) {
      return switch (mode & 0xf000) {
        case 0x8000 -> REGULAR_FILE;
        case 0x4000 -> DIRECTORY;
        case 0xa000 -> SYMBOLIC_LINK;
        case 0x6000 -> BLOCK_DEVICE;
        case 0x2000 -> CHARACTER_DEVICE;
        case 0x1000 -> FIFO;
        case 0xc000 -> SOCKET;
        default -> UNKNOWN;
      };
    }
  }

  /** Whether this is a regular file. */
  public boolean isRegularFile() {
    return type == Type.REGULAR_FILE;
  }

  /** Whether this is a directory. */
  public boolean isDirectory() {
    return type == Type.DIRECTORY;
  }

  /** Whether both are the same inode, under whatever names. */
  public boolean sameInode(FileStatus other) {
    return device == other.device && inode == other.inode;
  }
}

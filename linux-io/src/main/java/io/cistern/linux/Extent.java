package io.cistern.linux;

/**
 * A contiguous piece of a file on disk, as FIEMAP tells it (see the kernel's {@code
 * Documentation/filesystems/fiemap.rst}).
 *
 * @param logical where it begins in the file, in bytes
 * @param physical where it begins on the device, in bytes; means nothing if {@link #unknown()}
 * @param length in bytes
 * @param flags {@code FIEMAP_EXTENT_*} of {@code linux/fiemap.h}
 */
public record Extent(long logical, long physical, long length, int flags) {
  private static final int UNKNOWN = 0x2;
  private static final int INLINE = 0x200;
  private static final int UNWRITTEN = 0x800;
  private static final int SHARED = 0x2000;

  /** Whether other files, or other places of this one, use the same blocks. */
  public boolean shared() {
    return (flags & SHARED) != 0;
  }

  /** Whether the blocks are allocated and read as zeros. */
  public boolean unwritten() {
    return (flags & UNWRITTEN) != 0;
  }

  /** Whether the place on the device is not known, or not yet chosen. */
  public boolean unknown() {
    return (flags & UNKNOWN) != 0;
  }

  /** Whether the data are kept among the metadata; such data are never shared. */
  public boolean inline() {
    return (flags & INLINE) != 0;
  }

  /** Returns the first byte after the extent in the file. */
  long end() {
    return logical + length;
  }
}

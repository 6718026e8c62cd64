package io.cistern.storage;

import java.nio.file.Path;

/**
 * What a VM gets to see of a started volume: a device node, or an image file to be attached (by the
 * VMM itself, or through a loop device).
 *
 * @param path where it is; present when the future that gave it completed
 * @param type what it is
 * @param rw whether the VM may write to it
 */
public record BlockDevice(Path path, Type type, boolean rw) {
  /** The two forms a disk comes in. */
  public enum Type {
    /** A regular file that holds the raw image. */
    FILE,
    /** A block device node. */
    BLOCK
  }
}

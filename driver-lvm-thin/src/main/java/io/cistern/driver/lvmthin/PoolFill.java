package io.cistern.driver.lvmthin;

/**
 * How full a thin pool is, in bytes.
 *
 * @param dataUsed room for data in use
 * @param dataSize room for data in all
 * @param metadataUsed room for metadata in use
 * @param metadataSize room for metadata in all
 */
record PoolFill(long dataUsed, long dataSize, long metadataUsed, long metadataSize) {
  private static final int KEPT_BY_THE_KERNEL = 10;

  /** Returns the fuller of the two, in percent. */
  double percent() {
    return Math.max(percent(dataUsed, dataSize), percent(metadataUsed, metadataSize));
  }

  /** Tells whether the kernel, which keeps a tenth for itself, has no room for metadata left. */
  boolean isOutOfMetadata() {
    return metadataSize - metadataUsed <= metadataSize / KEPT_BY_THE_KERNEL;
  }

  static double percent(long used, long size) {
    return size == 0 ? 0 : 100.0 * used / size;
  }
}

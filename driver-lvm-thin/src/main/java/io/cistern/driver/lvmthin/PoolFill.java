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
  /** Returns the fuller of the two, in percent. */
  double percent() {
    return Math.max(percent(dataUsed, dataSize), percent(metadataUsed, metadataSize));
  }

  static double percent(long used, long size) {
    return size == 0 ? 0 : 100.0 * used / size;
  }
}

package io.cistern.driver.lvmthin;

import com.google.common.base.Splitter;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What of a thin pool is left to what is running: nothing new is made in it.
 *
 * @param dataPercent of the room for data
 * @param metadataPercent of the room for metadata
 */
record Reserve(double dataPercent, double metadataPercent) {
  /** Reads {@code "3:10"}. */
  static Optional<Reserve> parse(String text) {
    List<String> parts = Splitter.on(':').splitToList(text);
    if (parts.size() != 2) {
      return Optional.empty();
    }
    try {
      Reserve reserve =
          new Reserve(Double.parseDouble(parts.get(0)), Double.parseDouble(parts.get(1)));
      return isPercent(reserve.dataPercent) && isPercent(reserve.metadataPercent)
          ? Optional.of(reserve)
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static boolean isPercent(double value) {
    return value >= 0 && value < 100;
  }

  /** Refuses to make something new where less than the reserve is free. */
  void check(String pool, PoolFill fill) throws DriverException {
    check(
        pool,
        "data",
        fill.dataUsed(),
        fill.dataSize(),
        dataPercent,
        "Remove volumes or revisions, discard sessions, or enlarge it with lvextend");
    check(
        pool,
        "metadata",
        fill.metadataUsed(),
        fill.metadataSize(),
        metadataPercent,
        "Remove volumes or revisions, or enlarge its metadata with"
            + " lvextend --poolmetadatasize; if it is full already, see lvconvert --repair");
  }

  private static void check(
      String pool, String what, long used, long size, double percent, String remedy)
      throws DriverException {
    long reserved = (long) Math.ceil(size * percent / 100);
    long free = size - used;
    if (free < reserved || free <= 0) {
      throw new DriverException(
          Code.OUT_OF_SPACE,
          String.format(
              Locale.ROOT,
              "the thin pool %s has %d bytes free for %s (%.1f %% are used), which is %d less than"
                  + " the reserve of %s %%",
              pool,
              free,
              what,
              100.0 * used / size,
              Math.max(reserved - free, 0),
              percent),
          remedy);
    }
  }
}

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
  /** See pool_below_threshold() of LVM: this, or a quarter if that is less. */
  private static final long LVM_METADATA = 4 << 20;

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

  /** Tells whether the reserve is free. */
  boolean isFree(PoolFill fill) {
    return fill.dataSize() - fill.dataUsed() >= ofData(fill)
        && fill.metadataSize() - fill.metadataUsed() >= ofMetadata(fill);
  }

  /** In bytes; without a reserve something has to be free all the same. */
  private long ofData(PoolFill fill) {
    return Math.max(1, (long) Math.ceil(fill.dataSize() * dataPercent / 100));
  }

  /** LVM itself makes nothing in a pool that has less than this free, whatever is configured. */
  private long ofMetadata(PoolFill fill) {
    long size = fill.metadataSize();
    long ofLvm = Math.min(size / 4, LVM_METADATA);
    return Math.max(ofLvm, (long) Math.ceil(size * metadataPercent / 100));
  }

  /** Refuses to make something new where less than the reserve is free. */
  void check(String pool, PoolFill fill) throws DriverException {
    check(
        pool,
        "data",
        fill.dataUsed(),
        fill.dataSize(),
        ofData(fill),
        "Remove volumes or revisions, discard sessions, or enlarge it: \"lvextend -L+SIZE %s\""
            .formatted(pool));
    check(
        pool,
        "metadata",
        fill.metadataUsed(),
        fill.metadataSize(),
        ofMetadata(fill),
        "Remove volumes or revisions, or enlarge its metadata: \"lvextend --poolmetadatasize +SIZE %s\""
            .formatted(pool));
  }

  private static void check(
      String pool, String what, long used, long size, long reserved, String remedy)
      throws DriverException {
    long free = size - used;
    if (free < reserved) {
      throw new DriverException(
          Code.OUT_OF_SPACE,
          String.format(
              Locale.ROOT,
              "the thin pool %s has %d bytes free for %s (%.1f %% are used), which is %d less than"
                  + " the reserve of %d",
              pool,
              free,
              what,
              PoolFill.percent(used, size),
              reserved - free,
              reserved),
          remedy);
    }
  }
}

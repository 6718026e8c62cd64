package io.cistern.driver.lvmthin;

import java.io.IOException;

/**
 * A thin pool whose metadata can be filled to LVM's own reserve again and again; made once for all
 * tests, as {@link GuestGroups}. Most of them are taken for good, so that filling takes little.
 */
final class MeteredPool {
  static final String NAME = "metered";

  /** Begins the names of what stays in it. */
  static final String FILLED_FOR_GOOD = GuestGroups.ONE + "/filler-" + NAME;

  private static final Reserve RESERVE = new Reserve(3, 10);
  private static final long BLOCK = 4096;

  /** Far more than the volumes of one operation take. */
  private static final int BLOCKS_LEFT = 60;

  /**
   * So far beyond the reserve it is filled: the next commits of the kernel give back what the last
   * ones have replaced, and a removal in the background gives back a few more.
   */
  private static final int BLOCKS_BEYOND = 40;

  /** Each takes about thirty blocks. */
  private static final int SNAPSHOTS_TO_FILL = 5;

  private static FilledMetadata filled;

  private MeteredPool() {}

  /** Makes it unless it is there. */
  static synchronized void make() throws IOException {
    if (filled == null) {
      GuestGroups.make();
      GuestGroups.makePool(GuestGroups.ONE, NAME, "512m", "2m");
      FilledMetadata made = FilledMetadata.make(GuestGroups.ONE, NAME);
      made.until(status -> isFull(status, BLOCKS_LEFT));
      filled = made;
    }
  }

  /** Fills it until less than the reserve is free, for as long as what it returns is open. */
  static synchronized AutoCloseable fill() throws IOException {
    FilledMetadata further = filled.further(SNAPSHOTS_TO_FILL);
    further.until(status -> isFull(status, -BLOCKS_BEYOND));
    return further;
  }

  /** Tells whether the reserve would be touched if so many blocks more were taken. */
  private static boolean isFull(ThinPoolStatus status, int blocks) {
    PoolFill fill = status.fill().orElseThrow();
    return !RESERVE.isFree(
        new PoolFill(
            fill.dataUsed(),
            fill.dataSize(),
            fill.metadataUsed() + blocks * BLOCK,
            fill.metadataSize()));
  }
}

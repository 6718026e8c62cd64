package io.cistern.driver.lvmthin;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the kernel says about an active thin pool; see thin-provisioning.rst in its documentation of
 * device-mapper.
 *
 * @param transaction how many have been counted; empty if the pool has failed
 * @param fill how full it is; empty if the pool has failed
 * @param isWritable whether it takes changes: of its volumes, and of which blocks they have
 * @param needsCheck whether its metadata are to be repaired before it takes changes again
 * @param passesDiscardsDown whether what is discarded is discarded on the disks, too
 */
record ThinPoolStatus(
    OptionalLong transaction,
    Optional<PoolFill> fill,
    boolean isWritable,
    boolean needsCheck,
    boolean passesDiscardsDown) {
  private static final Splitter FRACTION = Splitter.on('/').limit(2);

  /** As {@code THIN_METADATA_BLOCK_SIZE} of the kernel's {@code dm-thin-metadata.h}. */
  private static final int METADATA_BLOCK = 4096;

  private static final int LEAST_WORDS = 3;

  /**
   * Reads {@code "1 61/512 0/4096 - rw discard_passdown queue_if_no_space - 128"}: the transaction,
   * metadata and data in use in blocks, then how it goes on. A pool that has failed says so in one
   * word.
   */
  static ThinPoolStatus parse(List<String> words, long chunkSize) {
    if (words.size() < LEAST_WORDS) {
      return new ThinPoolStatus(OptionalLong.empty(), Optional.empty(), false, true, false);
    }
    List<String> metadata = FRACTION.splitToList(words.get(1));
    List<String> data = FRACTION.splitToList(words.get(2));
    PoolFill fill =
        new PoolFill(
            Long.parseLong(data.get(0)) * chunkSize,
            Long.parseLong(data.get(1)) * chunkSize,
            Long.parseLong(metadata.get(0)) * METADATA_BLOCK,
            Long.parseLong(metadata.get(1)) * METADATA_BLOCK);
    return new ThinPoolStatus(
        OptionalLong.of(Long.parseLong(words.get(0))),
        Optional.of(fill),
        !words.contains("ro"),
        words.contains("needs_check"),
        words.contains("discard_passdown"));
  }
}

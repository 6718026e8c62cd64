package io.cistern.driver.file;

import io.cistern.directory.DirectoryParameters;
import io.cistern.storage.DriverParameter;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.spi.DriverException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a pool is configured with.
 *
 * @param directory the pool's directory, absolute
 * @param revisionsToKeep what a volume keeps that does not say, 0 or 1
 * @param isReserved whether the space of a cow store is allocated when it is made
 */
record FileParameters(Path directory, int revisionsToKeep, boolean isReserved) {
  /** The old blocks of one session can be kept, no more: they say what differs from the base. */
  static final int MAX_REVISIONS = 1;

  private static final String REVISIONS_TO_KEEP = "revisions_to_keep";
  private static final String COW_RESERVE = "cow_reserve";

  static final List<DriverParameter> DESCRIPTIONS =
      List.of(
          DirectoryParameters.describeDirectory(),
          DriverParameter.optional(
              REVISIONS_TO_KEEP, "how many revisions a volume keeps, 0 or 1", "1"),
          DriverParameter.optional(
              COW_RESERVE,
              "none, or full to allocate at start what a volume's cow store can grow to, so that a"
                  + " full file system can not invalidate it",
              "none"));

  static FileParameters of(PoolConfig config) throws DriverException {
    DirectoryParameters given = new DirectoryParameters(config, DESCRIPTIONS);
    return new FileParameters(
        given.directory(),
        given.number(REVISIONS_TO_KEEP, 0, MAX_REVISIONS),
        given.choice(COW_RESERVE, "full", "none"));
  }
}

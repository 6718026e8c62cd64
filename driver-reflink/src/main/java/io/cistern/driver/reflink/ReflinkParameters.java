package io.cistern.driver.reflink;

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
 * @param revisionsToKeep what a volume keeps that does not say; -1 for in place
 * @param needsReflinks whether a file system without reflinks is refused at setup
 */
record ReflinkParameters(Path directory, int revisionsToKeep, boolean needsReflinks) {
  private static final String REVISIONS_TO_KEEP = "revisions_to_keep";
  private static final String SETUP_CHECK = "setup_check";

  static final List<DriverParameter> DESCRIPTIONS =
      List.of(
          DirectoryParameters.describeDirectory(),
          DriverParameter.optional(
              REVISIONS_TO_KEEP, "how many revisions a volume keeps; -1 for in place", "1"),
          DriverParameter.optional(
              SETUP_CHECK,
              "yes, or no to allow a file system without reflinks, where clones are sparse copies",
              "yes"));

  static ReflinkParameters of(PoolConfig config) throws DriverException {
    DirectoryParameters given = new DirectoryParameters(config, DESCRIPTIONS);
    return new ReflinkParameters(
        given.directory(),
        given.number(REVISIONS_TO_KEEP, -1, Integer.MAX_VALUE),
        given.choice(SETUP_CHECK, "yes", "no"));
  }
}

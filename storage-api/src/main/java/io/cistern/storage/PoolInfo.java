package io.cistern.storage;

import java.util.Optional;
import java.util.Set;

/**
 * All that a UI or an admin API shows of a pool, in one answer.
 *
 * @param name its name
 * @param driver the driver's name
 * @param config what it was opened with
 * @param capabilities what it can do
 * @param isReady whether its place is there and set up
 * @param notReady why it is not ready; empty if it is
 * @param usage how full it is
 * @param includedIn the name of the open pool that physically contains it, if any
 * @param volumes how many volumes it has, on disk or declared
 */
public record PoolInfo(
    String name,
    String driver,
    PoolConfig config,
    Set<Capability> capabilities,
    boolean isReady,
    Optional<String> notReady,
    PoolUsage usage,
    Optional<String> includedIn,
    int volumes) {
  /** Copies the set. */
  public PoolInfo {
    capabilities = Set.copyOf(capabilities);
  }
}

package io.cistern.storage;

import com.google.common.math.LongMath;
import java.util.OptionalLong;

/**
 * How full a pool is, in bytes. What is not known is empty, never 0 and never -1 (rule 104).
 *
 * @param size room for data in all
 * @param used room for data in use
 * @param metadataSize room for metadata in all, where the technology has a limit of its own for it
 * @param metadataUsed room for metadata in use
 */
public record PoolUsage(
    OptionalLong size, OptionalLong used, OptionalLong metadataSize, OptionalLong metadataUsed) {
  private static final PoolUsage UNKNOWN =
      new PoolUsage(
          OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());

  /** Returns the usage of a pool that tells nothing, such as one whose place is absent. */
  public static PoolUsage unknown() {
    return UNKNOWN;
  }

  /** Returns the usage of a pool whose technology keeps no separate account of metadata. */
  public static PoolUsage ofData(long size, long used) {
    return new PoolUsage(
        OptionalLong.of(size), OptionalLong.of(used), OptionalLong.empty(), OptionalLong.empty());
  }

  /** Adds two usages; what only one of them knows counts as it is. */
  public PoolUsage plus(PoolUsage other) {
    return new PoolUsage(
        sum(size, other.size),
        sum(used, other.used),
        sum(metadataSize, other.metadataSize),
        sum(metadataUsed, other.metadataUsed));
  }

  private static OptionalLong sum(OptionalLong a, OptionalLong b) {
    if (a.isEmpty()) {
      return b;
    }
    return b.isEmpty() ? a : OptionalLong.of(LongMath.saturatedAdd(a.getAsLong(), b.getAsLong()));
  }
}

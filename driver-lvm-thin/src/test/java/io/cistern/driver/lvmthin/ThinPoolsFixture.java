package io.cistern.driver.lvmthin;

import io.cistern.linux.Linux;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.testkit.PoolFixture;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two thin pools, in one volume group or in two, wherever they are. */
abstract class ThinPoolsFixture implements PoolFixture {
  static {
    // The first native call opens a file that stays open; it is nobody's leak.
    Linux.unavailable();
  }

  final String firstGroup;
  final String firstPool;
  final String secondGroup;
  final String secondPool;
  private final Duration idlePatience;
  private final List<Reclaimer> reclaimers = new CopyOnWriteArrayList<>();

  /** Takes the names of the pools, {@code group/pool}. */
  ThinPoolsFixture(String first, String second, Duration idlePatience) {
    this.firstGroup = first.substring(0, first.indexOf('/'));
    this.firstPool = first.substring(first.indexOf('/') + 1);
    this.secondGroup = second.substring(0, second.indexOf('/'));
    this.secondPool = second.substring(second.indexOf('/') + 1);
    this.idlePatience = idlePatience;
  }

  /** Removes a logical volume of the first pool's group. */
  abstract void remove(String name);

  Set<String> groups() {
    return new TreeSet<>(List.of(firstGroup, secondGroup));
  }

  static PoolConfig config(String name, String group, String pool) {
    return PoolConfig.builder(name, "lvm_thin")
        .set("volume_group", group)
        .set("thin_pool", pool)
        .build();
  }

  @Override
  public PoolConfig config() {
    return config("pool", firstGroup, firstPool);
  }

  @Override
  public PoolConfig secondConfig() {
    return config("pool2", secondGroup, secondPool);
  }

  @Override
  public Optional<PoolConfig> aliasConfig(String name) {
    return Optional.of(config(name, "/dev/" + firstGroup, firstPool));
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.allOf(Capability.class);
  }

  @Override
  public void breakImage(String vid) {
    remove(names(vid).content());
  }

  @Override
  public void breakSession(String vid) {
    remove(names(vid).session());
  }

  static LvNames names(String vid) {
    return new LvNames(VolumeNames.encode(vid));
  }

  /** Takes note of what works in the background for a pool. */
  void watch(Reclaimer reclaimer) {
    reclaimers.add(reclaimer);
  }

  /** Returns what works in the background for the pool that was opened last. */
  Reclaimer lastReclaimer() {
    return reclaimers.get(reclaimers.size() - 1);
  }

  void awaitIdle() {
    try {
      for (Reclaimer reclaimer : reclaimers) {
        if (!reclaimer.awaitIdle(idlePatience)) {
          throw new AssertionError("the reclaimer does not end");
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

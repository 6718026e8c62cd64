package io.cistern.driver.lvmthin;

import io.cistern.driver.lvmthin.ThinPoolReport.ReportedPool;
import io.cistern.linux.CommandFailedException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much room there is in a thin pool, and whether it takes changes at all. */
final class PoolRoom {
  private static final Logger log = LoggerFactory.getLogger(PoolRoom.class);

  private static final String ENLARGE =
      "Enlarge its metadata: \"lvextend --poolmetadatasize +SIZE %2$s\"; if that does not help,"
          + " repair it (lvconvert --repair)";
  private static final String REPAIR =
      "Stop the VMs and close the pool, then \"vgchange -an %1$s\", \"lvconvert --repair %2$s\","
          + " \"lvextend --poolmetadatasize +SIZE %2$s\" and \"vgchange -ay %1$s\"; do not remove"
          + " anything in it before";

  /** Gives the thin pool, if it is there. */
  interface Reports {
    /** Returns it. */
    Optional<ReportedPool> pool() throws IOException;
  }

  private final LvmThinParameters parameters;
  private final LvDevices devices;
  private final Reports reports;
  private final LvmRunner.Action activation;
  private final FillWatch watch;

  /** Whether it was active once, so that its metadata are sound. */
  private volatile boolean wasActive;

  /**
   * Looks at the thin pool of these parameters.
   *
   * @param activation activates it
   * @param filling is told when it has become fuller than a threshold
   */
  PoolRoom(
      LvmThinParameters parameters,
      LvDevices devices,
      Reports reports,
      LvmRunner.Action activation,
      Runnable filling) {
    this.parameters = parameters;
    this.devices = devices;
    this.reports = reports;
    this.activation = activation;
    this.watch = new FillWatch(parameters.pool(), fill -> filling.run());
  }

  /** Returns how the pool is; empty if it is not active. Says so if it fills up. */
  Optional<ThinPoolStatus> status() throws IOException {
    Optional<ReportedPool> pool = reports.pool();
    if (pool.isEmpty()) {
      return Optional.empty();
    }
    Optional<ThinPoolStatus> status = devices.status(parameters.thinPool(), pool.get().chunkSize());
    status.flatMap(ThinPoolStatus::fill).ifPresent(watch::see);
    return status;
  }

  /** Returns how full it is; empty if that can't be told. */
  Optional<PoolFill> fill() throws IOException {
    return status().flatMap(ThinPoolStatus::fill);
  }

  /**
   * Refuses what takes new room where less than the reserve is left (rule 1002); where the kernel
   * takes no changes at all, with what helps then, which is not to remove something.
   */
  void check() throws IOException {
    Optional<ThinPoolStatus> status = status();
    if (status.isPresent() && !status.get().isWritable()) {
      throw obstacle(status.get());
    }
    Optional<PoolFill> fill = status.flatMap(ThinPoolStatus::fill);
    if (fill.isPresent()) {
      parameters.reserve().check(parameters.pool(), fill.get());
    }
  }

  /** Has it told if the pool fills up. */
  void look() {
    try {
      Optional<PoolFill> unused = fill();
    } catch (IOException e) {
      log.debug("{}: it can't be told how full it is", parameters.pool(), e);
    }
  }

  /** Refuses to write more bytes than are free. */
  void check(long needed) throws IOException {
    Optional<PoolFill> fill = fill();
    long free = fill.map(now -> now.dataSize() - now.dataUsed()).orElse(needed);
    if (free < needed) {
      throw new DriverException(
          Code.OUT_OF_SPACE,
          "the thin pool %s has %d bytes free for data, and zeros of %d bytes are to be written"
              .formatted(parameters.pool(), free, needed),
          LvmFailures.FREE_SPACE);
    }
  }

  /** Tells whether there is more room than the reserve. */
  boolean isAboveReserve(PoolFill fill) {
    return parameters.reserve().isFree(fill);
  }

  /**
   * Refuses every change while the kernel takes none. LVM would try: a removal that the kernel
   * refuses is in LVM's metadata all the same, which then say another transaction than the pool's,
   * and a pool whose transactions differ can't be repaired. So would it where it can't activate the
   * pool, which it finds out only then.
   */
  void checkWritable() throws IOException {
    if (!wasActive && devices.status(parameters.thinPool(), 1).isEmpty()) {
      activate();
    }
    wasActive = true;
    Optional<DriverException> obstacle = obstacle();
    if (obstacle.isPresent()) {
      throw obstacle.get();
    }
  }

  /** One in which there never was anything may have no status afterwards either. */
  private void activate() throws IOException {
    try {
      activation.run();
    } catch (CommandFailedException e) {
      throw new DriverException(
          Code.IO,
          "the thin pool %s can't be activated, and its metadata may be damaged: %s"
              .formatted(parameters.pool(), e.getMessage()),
          REPAIR.formatted(parameters.volumeGroup(), parameters.pool()),
          e);
    }
  }

  /** Tells why the pool takes no changes now, whatever is tried; empty if it does. */
  Optional<DriverException> obstacle() {
    try {
      return devices
          .status(parameters.thinPool(), 1)
          .filter(status -> !status.isWritable())
          .map(this::obstacle);
    } catch (IOException e) {
      log.debug("{}: it can't be told whether it takes changes", parameters.pool(), e);
      return Optional.empty();
    }
  }

  private DriverException obstacle(ThinPoolStatus status) {
    boolean full = status.fill().filter(PoolFill::isOutOfMetadata).isPresent();
    String reason = full ? "its space for metadata is used up" : "its metadata could not be used";
    return new DriverException(
        full ? Code.OUT_OF_SPACE : Code.IO,
        "the kernel lets nothing be changed in the thin pool %s: %s"
            .formatted(parameters.pool(), reason),
        (full && !status.needsCheck() ? ENLARGE : REPAIR)
            .formatted(parameters.volumeGroup(), parameters.pool()));
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.linux.MappedDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The devices of one volume group's logical volumes, and what the kernel knows about them: what is
 * active, who holds it, how full it is. Costs no command.
 */
interface LvDevices extends AutoCloseable {
  /**
   * Returns a text that changes whenever the metadata of the volume group do; empty if that can't
   * be told.
   */
  Optional<String> stamp(Collection<Path> physicalVolumes);

  /**
   * Returns the volume group's logical volumes by name, hidden ones left out, each with its size
   * and its tags; empty if that can't be told without asking LVM.
   */
  Optional<Map<String, ReportedLv>> written(Collection<Path> physicalVolumes);

  /** Opens the caches of the physical volumes, so that they can be flushed later. */
  DiskCaches caches(Collection<Path> physicalVolumes) throws IOException;

  /** Returns the path by which a logical volume is known, active or not. */
  Path path(String name);

  /** Waits until that path is there, which follows the command that makes it. */
  void awaitPath(String name) throws IOException;

  /** Returns which of these are active. */
  Set<String> active(Collection<String> names) throws IOException;

  /** Returns the device of a logical volume; empty if it is not active. */
  Optional<MappedDevice> device(String name) throws IOException;

  /** Returns a path of a device that outlives every rename. */
  Path lastingPath(MappedDevice device);

  /** Returns who has a device open, as far as they can be named. */
  List<String> holders(MappedDevice device) throws IOException;

  /** Returns how much of the pool a logical volume maps, in bytes; empty if it is not active. */
  OptionalLong mapped(String name) throws IOException;

  /** Returns how a thin pool is; empty if it is not active. */
  Optional<ThinPoolStatus> status(String thinPool, long chunkSize) throws IOException;

  /**
   * Returns what LVM has written down to have made in a thin pool, and has not written down as done
   * yet; empty if there is nothing, or it can't be told without asking LVM.
   */
  Optional<QueuedCreation> queuedCreation(Collection<Path> physicalVolumes, String thinPool);

  /** Has a thin pool forget a thin volume by its number, if it has one. */
  void delete(String thinPool, long deviceId) throws IOException;

  /**
   * Has a thin pool count its transactions from one to another.
   *
   * @throws IOException if the pool has counted otherwise meanwhile
   */
  void count(String thinPool, long from, long to) throws IOException;

  /** Tells whether a device ({@code major:minor}) lies on a volume of the thin pool. */
  boolean contains(String thinPool, String majorMinor) throws IOException;

  /** Makes what was written to a logical volume durable. */
  void sync(String name) throws IOException;

  /** Frees the whole chunks of a range. What is read from it then is not told. */
  void discard(String name, long offset, long length) throws IOException;

  /** Makes a range read as zeros. */
  void zero(String name, long offset, long length) throws IOException;

  /** How long whoever looks at every new device is waited for. */
  Duration patience();

  @Override
  void close();
}

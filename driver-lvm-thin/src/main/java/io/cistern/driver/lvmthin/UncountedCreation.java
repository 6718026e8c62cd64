package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thin snapshot that the kernel has made, and the thin pool has not counted: the power failed, or
 * LVM was killed, in between. LVM asks for it again at each change of the pool, the kernel says
 * that it exists, and so nothing can be made, renamed or removed any more, until it is counted.
 * That takes nothing away, and is what LVM would have come to itself; of a volume that is no
 * snapshot, it takes the kernel's answer for done.
 */
final class UncountedCreation {
  private static final Logger log = LoggerFactory.getLogger(UncountedCreation.class);

  /** As libdm has it ({@code libdm/libdm-deptree.c} of LVM). */
  private static final Pattern EXISTS =
      Pattern.compile("already contain thin device with device_id (\\d{1,18})\\b");

  private final LvmCommands commands;
  private final LvDevices devices;
  private final String thinPool;

  UncountedCreation(LvmCommands commands, LvDevices devices, String thinPool) {
    this.commands = commands;
    this.devices = devices;
    this.thinPool = thinPool;
  }

  /** Tells whether a command has failed because of such a volume. */
  static boolean isCause(CommandFailedException failure) {
    return EXISTS.matcher(failure.error()).find();
  }

  /**
   * Has the pool count it, if this is what a command has failed by. Does nothing unless what LVM
   * has written down and what the kernel has agree in everything but that.
   *
   * @return whether the command may be run again
   */
  boolean count(CommandFailedException failure) throws IOException {
    Matcher exists = EXISTS.matcher(failure.error());
    if (!exists.find()) {
      return false;
    }
    long deviceId = Long.parseLong(exists.group(1));
    Optional<QueuedCreation> queued = uncounted().filter(made -> made.deviceId() == deviceId);
    if (queued.isEmpty()) {
      log.warn(
          "device {} of {} is not made good: LVM has written down {}, the pool is at transaction {}",
          deviceId,
          thinPool,
          devices.queuedCreation(commands.physicalVolumes(), thinPool),
          counted());
      return false;
    }
    long transaction = queued.get().transaction();
    for (long deleted : queued.get().deletions()) {
      devices.delete(thinPool, deleted);
    }
    devices.count(thinPool, transaction - 1, transaction);
    log.warn(
        "made good in {}: a command of LVM was cut short after the kernel had made {} (device {})",
        thinPool,
        queued.get().volume(),
        deviceId);
    return true;
  }

  /**
   * Has LVM come to the end of what was cut short, before anything else is asked of it. What the
   * kernel has not made can't be activated before that; and a removal of something else would be
   * written down, though it is refused. A creation is what LVM does that for first of all; so one
   * is made and removed.
   */
  void finish(long size) throws IOException {
    Optional<QueuedCreation> queued = uncounted();
    if (queued.isPresent()) {
      log.warn("LVM was cut short in {} when it made {}", thinPool, queued.get().volume());
      LvTags tags = LvTags.fresh(ThinPoolSetup.PROOF.base());
      String name = ThinPoolSetup.PROOF.dropped(tags.content());
      commands.create(name, size, tags.texts());
      commands.remove(List.of(name));
    }
  }

  private Optional<QueuedCreation> uncounted() throws IOException {
    OptionalLong counted = counted();
    return devices
        .queuedCreation(commands.physicalVolumes(), thinPool)
        .filter(queued -> counted.equals(OptionalLong.of(queued.transaction() - 1)));
  }

  private OptionalLong counted() throws IOException {
    return devices
        .status(thinPool, 1)
        .map(ThinPoolStatus::transaction)
        .orElse(OptionalLong.empty());
  }
}

package io.cistern.driver.lvmthin;

import com.google.common.collect.MapMaker;
import io.cistern.linux.CommandFailedException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is in the thin pool, by one report for all of its volumes.
 *
 * <p>A report is true as long as the metadata of the volume group have not changed since before it
 * began, whoever may have changed them: this process, another one, an operator. The stamp of {@link
 * LvDevices} tells, in microseconds. So a report that was slow never stands in for what came after
 * it, and what nobody changes is asked once. What this process changes itself is added to what is
 * known.
 */
final class PoolState implements LvmCommands.Witness {
  private static final Logger log = LoggerFactory.getLogger(PoolState.class);

  private final LvmCommands commands;
  private final LvDevices devices;
  private final String thinPool;
  private volatile @Nullable Known known;

  /**
   * The last report, with our own changes since, true or not: for questions, if a command hangs.
   */
  private volatile @Nullable ThinPoolReport latest;

  /**
   * Whether something that was done may not be durable: a flush failed, or a command goes on; or a
   * process before this one was killed, or has given up, between the two.
   */
  private volatile boolean unflushed = true;

  /** The threads that were given that one last, though a command may have changed what it says. */
  private final Set<Thread> misled = Collections.newSetFromMap(new MapMaker().weakKeys().makeMap());

  /**
   * What is known.
   *
   * @param stamp of the metadata that it is true for
   * @param report what there is
   */
  private record Known(String stamp, ThinPoolReport report) {}

  PoolState(LvmCommands commands, LvDevices devices, String thinPool) {
    this.commands = commands;
    this.devices = devices;
    this.thinPool = thinPool;
  }

  /** Returns what there is now; asks LVM if anything has changed. */
  ThinPoolReport current() throws IOException {
    misled.remove(Thread.currentThread());
    ThinPoolReport valid = valid();
    return valid == null ? reported() : valid;
  }

  /**
   * Runs a command that changes something, and adds to what is known what it does. What somebody
   * else does at the same moment shows in the names, sizes and tags that LVM has written. Nothing
   * is known if the command, or making durable what it has done, fails. Called by one thread at a
   * time, which holds the lock on the group.
   */
  @Override
  public void change(
      LvmRunner.Action command,
      UnaryOperator<ThinPoolReport> effect,
      Predicate<ThinPoolReport> isDone)
      throws IOException {
    checkComplete(latest);
    // It says which one it is, if it still runs.
    commands.runner().checkNothingPending();
    checkNotMisled();
    Known before = valid() == null ? null : known;
    boolean isAsExpected;
    boolean isDurable = false;
    try (DiskCaches caches = caches()) {
      known = null;
      isAsExpected = run(command, isDone);
      if (isAsExpected) {
        ThinPoolReport changed = latest;
        latest = changed == null ? null : effect.apply(changed);
      }
      flush(caches);
      isDurable = true;
    } finally {
      unflushed = !isDurable;
    }
    if (isAsExpected && before != null) {
      known = changed(effect.apply(before.report));
    }
  }

  /**
   * Makes durable what a change that failed may have done all the same. Who repeats it finds
   * nothing to do, and must not report it done before (rule 903).
   */
  void flushOwed() throws IOException {
    if (unflushed) {
      commands
          .runner()
          .alone(
              () -> {
                try (DiskCaches caches = caches()) {
                  flush(caches);
                  unflushed = false;
                }
              });
    }
  }

  /** A device may have been taken out of the group since they were last told, and be gone. */
  private DiskCaches caches() throws IOException {
    try {
      return devices.caches(commands.physicalVolumes());
    } catch (IOException e) {
      if (!commands.find()) {
        throw e;
      }
      return devices.caches(commands.physicalVolumes());
    }
  }

  /** Tells whether it has done its work and nothing else. */
  private boolean run(LvmRunner.Action command, Predicate<ThinPoolReport> isDone)
      throws IOException {
    try {
      command.run();
      return true;
    } catch (CommandFailedException e) {
      if (isDone(isDone, e)) {
        log.warn("it is done though LVM says that it failed: {}", e.getMessage());
        return false;
      }
      throw e;
    }
  }

  /**
   * What is not durable must not be reported done (rule 903). Tries again once, since what was done
   * can't be taken back.
   */
  private static void flush(DiskCaches caches) throws IOException {
    try {
      caches.flush();
    } catch (IOException e) {
      log.warn("what LVM has done is not durable yet: {}", e.getMessage());
      try {
        caches.flush();
      } catch (IOException again) {
        again.addSuppressed(e);
        throw new DriverException(
            LvmFailures.code(again),
            "LVM has done its work, but a power failure may undo it: " + again.getMessage(),
            "See to that disk first (the kernel's log). A start() or stop() can be repeated then; of"
                + " anything else look at what there is before, since it may be done",
            again);
      }
    }
  }

  /**
   * A command may do its work and fail because of what it does after that. Asks without waiting for
   * who else may be asking, since that one waits for the lock that this one holds.
   */
  private boolean isDone(Predicate<ThinPoolReport> isDone, CommandFailedException failure) {
    try {
      ThinPoolReport now = ReportParser.parse(commands.report(), thinPool);
      latest = now;
      return isDone.test(now);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /** Nothing is known if there is not what there should be: somebody else was at it too. */
  private @Nullable Known changed(ThinPoolReport report) {
    Optional<String> stamp = devices.stamp(commands.physicalVolumes());
    boolean asExpected =
        devices.written(commands.physicalVolumes()).filter(report::agreesWith).isPresent();
    return asExpected ? stamp.map(text -> new Known(text, report)).orElse(null) : null;
  }

  private @Nullable ThinPoolReport valid() {
    Known now = known;
    if (now == null) {
      return null;
    }
    Optional<String> stamp = devices.stamp(commands.physicalVolumes());
    return stamp.filter(now.stamp::equals).isPresent() ? now.report : null;
  }

  /** Of those who ask at the same time, one asks LVM, and the others take its answer. */
  private synchronized ThinPoolReport reported() throws IOException {
    ThinPoolReport valid = valid();
    if (valid != null) {
      return valid;
    }
    ThinPoolReport last = latest;
    if (last != null && commands.runner().isPending()) {
      // Rather than to wait for a command that hangs.
      return lastKnown(last);
    }
    Optional<String> stamp = devices.stamp(commands.physicalVolumes());
    ThinPoolReport report;
    try {
      report = report();
    } catch (DriverException e) {
      if (last == null || !commands.runner().isPending()) {
        throw e;
      }
      // It began to hang, or was found to, while this waited for its turn.
      return lastKnown(last);
    }
    return learned(stamp, report);
  }

  /** Whoever is given it changes nothing, since a command that hangs may yet change it. */
  private ThinPoolReport lastKnown(ThinPoolReport last) {
    misled.add(Thread.currentThread());
    return last;
  }

  private ThinPoolReport learned(Optional<String> stamp, ThinPoolReport report) {
    // That a device is back may show in no metadata.
    known =
        stamp
            .filter(text -> !lacksDevices(report))
            .map(text -> new Known(text, report))
            .orElse(null);
    if (stamp.equals(devices.stamp(commands.physicalVolumes()))) {
      latest = report;
    }
    return report;
  }

  private void checkNotMisled() throws DriverException {
    if (misled.contains(Thread.currentThread())) {
      throw new DriverException(
          Code.POOL_NOT_READY,
          "an earlier command was still running when it was looked what there is",
          "Try again");
    }
  }

  /** Another device may have become part of the group since they were last told. */
  private ThinPoolReport report() throws IOException {
    ThinPoolReport report = ReportParser.parse(text(), thinPool);
    return lacksDevices(report) && commands.find()
        ? ReportParser.parse(commands.report(), thinPool)
        : report;
  }

  private static boolean lacksDevices(ThinPoolReport report) {
    return report.pool().filter(pool -> pool.missingDevices() > 0).isPresent();
  }

  /**
   * Refuses changes while a device is missing. LVM does not even rename then, and what it does do
   * may write into its metadata that the device is missing.
   */
  void checkComplete(@Nullable ThinPoolReport report) throws DriverException {
    if (report != null && lacksDevices(report)) {
      throw new DriverException(
          Code.POOL_NOT_READY,
          "physical volumes of the thin pool's volume group are missing: " + commands.missing(),
          "Attach them again; for one that is there and still called missing, run"
              + " \"vgextend --restoremissing %s DEVICE\"".formatted(commands.volumeGroup()));
    }
  }

  /** A device may have got another name since. */
  private String text() throws IOException {
    try {
      return commands.report();
    } catch (CommandFailedException e) {
      if (commands.find()) {
        return commands.report();
      }
      throw e;
    }
  }
}

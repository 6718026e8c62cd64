package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandFailedException;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What there is in the thin pool, by one report for all of its volumes.
 *
 * <p>A report is true as long as the metadata of the volume group have not changed since before it
 * began, whoever may have changed them: this process, another one, an operator. The stamp of {@link
 * LvDevices} tells, in microseconds. So a report that was slow never stands in for what came after
 * it, and what nobody changes is asked once.
 */
final class PoolState {
  private final LvmCommands commands;
  private final LvDevices devices;
  private final String thinPool;
  private volatile @Nullable Known known;

  private record Known(String stamp, ThinPoolReport report) {}

  PoolState(LvmCommands commands, LvDevices devices, String thinPool) {
    this.commands = commands;
    this.devices = devices;
    this.thinPool = thinPool;
  }

  /** Returns what there is now; asks LVM if anything has changed. */
  ThinPoolReport current() throws IOException {
    ThinPoolReport valid = valid();
    return valid == null ? reported() : valid;
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
    Known last = known;
    if (last != null && commands.isPending()) {
      // The last that was known, rather than to wait for a command that hangs: nothing is changed.
      return last.report;
    }
    Optional<String> stamp = devices.stamp(commands.physicalVolumes());
    ThinPoolReport report = ReportParser.parse(text(), thinPool);
    known = stamp.map(text -> new Known(text, report)).orElse(null);
    return report;
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

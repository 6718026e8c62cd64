package io.cistern.driver.lvmthin;

import io.cistern.linux.MappedDevice;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Finds out who holds a logical volume open: a VMM, a mount, a tool (rules 314 and 315). */
final class LvHolders {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /** Whoever looks at each device that was written to; it may take long on a busy machine. */
  private static final String UDEV = "udev";

  private static final long UDEV_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LvDevices devices;

  LvHolders(LvDevices devices) {
    this.devices = devices;
  }

  /** Tells whether a logical volume is open at this moment. */
  boolean isOpen(String name) throws IOException {
    return devices.device(name).filter(device -> device.openCount() > 0).isPresent();
  }

  /** Names who holds a logical volume; empty if nobody does, or if it is not active. */
  Optional<String> of(String name) throws IOException {
    long begun = System.nanoTime();
    while (true) {
      Optional<MappedDevice> device = devices.device(name);
      if (device.isEmpty() || device.get().openCount() == 0) {
        return Optional.empty();
      }
      long waited = System.nanoTime() - begun;
      if (waited > devices.patience().toNanos()) {
        List<String> holders = devices.holders(device.get());
        boolean passing = holders.stream().allMatch(holder -> holder.contains(UDEV));
        if (!passing || waited > UDEV_PATIENCE_NANOS) {
          return Optional.of(named(holders));
        }
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static String named(List<String> holders) {
    return holders.isEmpty()
        ? "a process or mount that is not visible from here"
        : String.join(", ", holders);
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandLauncher;
import io.cistern.linux.ExternalCommands;
import io.cistern.linux.Linux;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the driver takes from the machine; tests put something else in its place.
 *
 * @param lvm the program
 * @param launcher runs it
 * @param devices gives the devices of a volume group
 * @param lockDirectory where the locks of pools are
 * @param patience how long a command is waited for
 * @param reclaimers hears of what works in the background for each pool
 */
record Machine(
    Path lvm,
    CommandLauncher launcher,
    DevicesFactory devices,
    Path lockDirectory,
    Duration patience,
    Consumer<Reclaimer> reclaimers) {
  /** Far more than a command takes, also on a machine that is under heavy load. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/lvm"), Path.of("/sbin/lvm"), Path.of("/usr/bin/lvm"));

  /** Makes the devices of a volume group. */
  @FunctionalInterface
  interface DevicesFactory {
    /** Makes them; the system calls are those of this Linux. */
    LvDevices of(Linux linux, String volumeGroup);
  }

  static Machine real() {
    return new Machine(
        PROGRAMS.stream().filter(Files::isExecutable).findFirst().orElse(PROGRAMS.get(0)),
        ExternalCommands.processes(),
        KernelLvDevices::new,
        Path.of("/run/lock"),
        PATIENCE,
        reclaimer -> {});
  }
}

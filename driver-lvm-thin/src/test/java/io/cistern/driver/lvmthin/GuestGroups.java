package io.cistern.driver.lvmthin;

import io.cistern.linux.CommandOutput;
import io.cistern.linux.ExternalCommand;
import io.cistern.linux.ExternalCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Two volume groups on the disks of the virtual machine, made once for all tests and gone with the
 * JVM: {@code one} with the thin pools {@code pool} and {@code other}, {@code two} with {@code
 * pool}.
 */
final class GuestGroups {
  static final String ONE = "cisternone";
  static final String TWO = "cisterntwo";
  static final String POOL = "pool";
  static final String OTHER = "other";
  static final long EXTENT = 65536;

  private static final Path LVM = Machine.real().lvm();
  private static boolean made;

  private GuestGroups() {}

  /** Makes them unless they are there. */
  static synchronized void make() {
    if (made) {
      return;
    }
    String first = property("cistern.test.lvm");
    String second = property("cistern.test.lvm2");
    lvm("vgcreate", "-y", "-s", "64k", ONE, first);
    lvm("vgcreate", "-y", "-s", "64k", TWO, second);
    Runtime.getRuntime().addShutdownHook(new Thread(GuestGroups::remove));
    makePool(ONE, POOL, "192M");
    makePool(ONE, OTHER, "192M");
    makePool(TWO, POOL, "192M");
    made = true;
  }

  static void makePool(String group, String pool, String size) {
    makePool(group, pool, size, "4m");
  }

  static void makePool(String group, String pool, String size, String metadataSize) {
    List<String> arguments =
        List.of("lvcreate", "-y", "--type", "thin-pool", "-c", "64k", "-L", size);
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of("--poolmetadatasize", metadataSize, "-n", pool, group));
    lvm(all.toArray(String[]::new));
  }

  private static void remove() {
    lvm("vgremove", "-ff", "-y", ONE, TWO);
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: this test runs in dev/guest-test only");
    }
    return value;
  }

  /** Returns the device of a volume group. */
  static Path device(String group) {
    return Path.of(property(group.equals(ONE) ? "cistern.test.lvm" : "cistern.test.lvm2"));
  }

  /** Runs a command of LVM. */
  static String lvm(String... arguments) {
    return run(LVM, arguments);
  }

  /** Runs a program; a failure says what it printed. */
  static String run(Path program, String... arguments) {
    try {
      CommandOutput output =
          ExternalCommands.processes()
              .run(new ExternalCommand(program, List.of(arguments)), Duration.ofMinutes(2));
      if (output.exitCode() != 0) {
        throw new IllegalStateException(
            program + " " + List.of(arguments) + " failed: " + output.error());
      }
      return output.out();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns one row for each logical volume of a group on this device. */
  static List<Map<String, String>> rows(String group, Path device) {
    try {
      return ReportParser.rows(
          lvm(
              "lvs",
              "--devices",
              device.toString(),
              "--reportformat",
              "json",
              "--units",
              "b",
              "--nosuffix",
              "-o",
              "lv_name,lv_size,lv_tags,pool_lv,segtype,lv_active,thin_id",
              group),
          "lv");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

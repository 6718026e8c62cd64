package io.cistern.driver.lvmthin;

import io.cistern.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves the guest's first thin pool as if the power had failed within the command that made its
 * newest thin volume, after the kernel had made it and before it counted that.
 */
final class HalfDoneCommand {
  private static final Logger log = LoggerFactory.getLogger(HalfDoneCommand.class);
  private static final String FULL_POOL = GuestGroups.ONE + "/" + GuestGroups.POOL;

  private HalfDoneCommand() {}

  /** Takes the count back, on the kernel's side and on LVM's; nothing may be open. */
  static void pretend() throws IOException {
    pretend(true);
  }

  /** The same before the kernel had made it. */
  static void pretendNotMade() throws IOException {
    pretend(false);
  }

  private static void pretend(boolean isMade) throws IOException {
    Map<String, String> row = newest();
    String newest = ReportParser.text(row, "lv_name");
    Path text = Files.createTempFile("metadata", ".vg");
    try {
      GuestGroups.lvm("vgcfgbackup", "-f", text.toString(), GuestGroups.ONE);
      Files.writeString(text, withMessage(Files.readString(text), newest));
      GuestGroups.lvm("lvchange", "-an", GuestGroups.ONE + "/" + newest);
      takeBack(isMade ? OptionalLong.empty() : OptionalLong.of(number(row)));
      GuestGroups.lvm("vgchange", "-an", GuestGroups.ONE);
      GuestGroups.lvm("vgcfgrestore", "--force", "-f", text.toString(), GuestGroups.ONE);
      boot();
    } finally {
      Files.delete(text);
    }
  }

  /** What the kernel has not made can't be activated. */
  private static void boot() {
    try {
      GuestGroups.lvm("vgchange", "-ay", GuestGroups.ONE);
    } catch (IllegalStateException e) {
      log.info("not all could be activated: {}", e.getMessage());
    }
  }

  private static long number(Map<String, String> row) {
    return Long.parseLong(ReportParser.text(row, "thin_id"));
  }

  private static Map<String, String> newest() {
    return GuestGroups.rows(GuestGroups.ONE, GuestGroups.device(GuestGroups.ONE)).stream()
        .filter(row -> ReportParser.text(row, "pool_lv").equals(GuestGroups.POOL))
        .max(Comparator.comparingLong(HalfDoneCommand::number))
        .orElseThrow();
  }

  /** LVM keeps what it has to have made where it keeps what the pool is made of. */
  private static String withMessage(String text, String volume) {
    int pool = text.indexOf("\t" + GuestGroups.POOL + " {");
    int at = text.indexOf("chunk_size", pool);
    if (pool < 0 || at < 0) {
      throw new IllegalStateException("no " + FULL_POOL + " in " + text);
    }
    return text.substring(0, at)
        + "message1 {\ncreate = \"%s\"\n}\n".formatted(volume)
        + text.substring(at);
  }

  private static void takeBack(OptionalLong deleted) throws IOException {
    try (LvDevices devices = new KernelLvDevices(Linux.create(), GuestGroups.ONE)) {
      if (deleted.isPresent()) {
        devices.delete(GuestGroups.POOL, deleted.getAsLong());
      }
      ThinPoolStatus status = devices.status(GuestGroups.POOL, 1).orElseThrow();
      long now = status.transaction().orElseThrow();
      devices.count(GuestGroups.POOL, now, now - 1);
    }
  }
}

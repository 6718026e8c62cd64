package io.cistern.driver.lvmthin;

import io.cistern.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/**
 * Leaves the guest's first thin pool as if the power had failed within the command that made its
 * newest thin volume, after the kernel had made it and before it counted that.
 */
final class HalfDoneCommand {
  private static final String FULL_POOL = GuestGroups.ONE + "/" + GuestGroups.POOL;

  private HalfDoneCommand() {}

  /** Takes the count back, on the kernel's side and on LVM's; nothing may be open. */
  static void pretend() throws IOException {
    String newest = newest();
    Path text = Files.createTempFile("metadata", ".vg");
    try {
      GuestGroups.lvm("vgcfgbackup", "-f", text.toString(), GuestGroups.ONE);
      Files.writeString(text, withMessage(Files.readString(text), newest));
      takeBack();
      GuestGroups.lvm("vgchange", "-an", GuestGroups.ONE);
      GuestGroups.lvm("vgcfgrestore", "--force", "-f", text.toString(), GuestGroups.ONE);
      GuestGroups.lvm("vgchange", "-ay", GuestGroups.ONE);
    } finally {
      Files.delete(text);
    }
  }

  private static String newest() throws IOException {
    return GuestGroups.rows(GuestGroups.ONE, GuestGroups.device(GuestGroups.ONE)).stream()
        .filter(row -> ReportParser.text(row, "pool_lv").equals(GuestGroups.POOL))
        .max(Comparator.comparingLong(row -> Long.parseLong(ReportParser.text(row, "thin_id"))))
        .map(row -> ReportParser.text(row, "lv_name"))
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

  private static void takeBack() throws IOException {
    try (LvDevices devices = new KernelLvDevices(Linux.create(), GuestGroups.ONE)) {
      ThinPoolStatus status = devices.status(GuestGroups.POOL, 1).orElseThrow();
      long now = status.transaction().orElseThrow();
      devices.count(GuestGroups.POOL, now, now - 1);
    }
  }
}

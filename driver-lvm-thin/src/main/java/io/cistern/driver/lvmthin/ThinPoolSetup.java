package io.cistern.driver.lvmthin;

import io.cistern.linux.Access;
import io.cistern.linux.OpenFile;
import io.cistern.linux.Undo;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.spi.DriverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Proves that a thin pool does what the driver needs, and marks it with a tag as set up (rule 102);
 * and takes that back (rule 111). The thin pool itself is the operator's, as is the volume group.
 */
final class ThinPoolSetup {
  /** The logical volumes of the proof belong to no volume, and are garbage if they are left. */
  static final LvNames PROOF = new LvNames(VolumeNames.encode("cistern-setup"));

  private static final int BYTES = 192 << 10;

  private final LvmThinPool pool;
  private final LvmCommands commands;

  ThinPoolSetup(LvmThinPool pool) {
    this.pool = pool;
    this.commands = pool.commands();
  }

  void run() throws IOException {
    commands.runner().checkNothingPending();
    ThinPoolReport report = pool.requirePlace();
    pool.checkZeroes(report.pool().orElseThrow());
    pool.flushOwed();
    if (report.isSetUp()) {
      return;
    }
    pool.checkRoom();
    prove(report);
    commands.changeTags(pool.parameters().thinPool(), List.of(LvTags.POOL), List.of());
  }

  private void prove(ThinPoolReport report) throws IOException {
    LvTags originTags = LvTags.fresh(PROOF.base());
    LvTags snapshotTags = LvTags.fresh(PROOF.base());
    String origin = PROOF.dropped(originTags.content());
    String snapshot = PROOF.dropped(snapshotTags.content());
    long size = -Math.floorDiv(-(long) BYTES, report.extentSize()) * report.extentSize();
    try (Undo undo = new Undo()) {
      undo.push(() -> removeThose(Set.of(origin, snapshot)));
      commands.create(origin, size, originTags.texts());
      pool.devices().awaitPath(origin);
      ByteBuffer data = random();
      try (OpenFile file = pool.linux().openFile(pool.devices().path(origin), Access.READ_WRITE)) {
        file.write(data.duplicate(), 0);
      }
      pool.devices().sync(origin);
      commands.snapshot(origin, snapshot, true, snapshotTags.texts());
      pool.devices().awaitPath(snapshot);
      compare(snapshot, data);
      commands.remove(List.of(origin, snapshot));
      undo.disarm();
    }
  }

  private void removeThose(Set<String> names) throws IOException {
    List<String> left =
        pool.requirePlace().names().stream().filter(names::contains).sorted().toList();
    if (!left.isEmpty()) {
      commands.remove(left);
    }
  }

  private static ByteBuffer random() {
    byte[] data = new byte[BYTES];
    // Only to differ from what was there before: a better generator would take longer.
    new Random(System.nanoTime()).nextBytes(data);
    return ByteBuffer.wrap(data);
  }

  private void compare(String snapshot, ByteBuffer expected) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(BYTES);
    try (OpenFile file = pool.linux().openFile(pool.devices().path(snapshot), Access.READ)) {
      while (read.hasRemaining() && file.read(read, read.position()) > 0) {
        // A read may give less than was asked for.
      }
    }
    if (!read.flip().equals(expected)) {
      throw new DriverException(
          Code.IO,
          "a snapshot in the thin pool %s differs from what it was made of"
              .formatted(pool.parameters().pool()),
          "Do not use this thin pool; see the kernel's log, and thin_check");
    }
  }

  /** Removes what is left of volumes that there are no more, and the mark. */
  void undo() throws IOException {
    ThinPoolReport report = pool.require();
    if (!pool.exports().isEmpty()) {
      throw new DriverException(
          Code.VOLUME_IN_USE, "there are exports open: " + pool.exports(), "Close them first");
    }
    checkNothingKept(report);
    pool.reclaimer().pass();
    ThinPoolReport after = pool.requirePlace();
    List<String> left =
        after.volumes().values().stream()
            .filter(lv -> lv.role() != LvRole.UNKNOWN)
            .map(ThinLv::name)
            .sorted()
            .toList();
    if (!left.isEmpty()) {
      checkUnheld(left);
      checkNoOrigins(after, left);
      commands.remove(left);
    }
    if (report.isSetUp()) {
      commands.changeTags(pool.parameters().thinPool(), List.of(), List.of(LvTags.POOL));
    }
  }

  /**
   * A volume whose content somebody has removed is in no list unless it is declared; what else
   * there is of it may be the only copy.
   */
  private static void checkNothingKept(ThinPoolReport report) throws DriverException {
    List<String> kept =
        report.volumes().keySet().stream()
            .flatMap(base -> VolumeView.ofTagged(report, new LvNames(base)).kept().stream())
            .map(ThinLv::name)
            .sorted()
            .toList();
    if (!kept.isEmpty()) {
      throw new DriverException(
          Code.VOLUME_EXISTS,
          "of volumes that are not declared it has " + kept,
          "Declare and remove the volumes, or remove the logical volumes with lvremove");
    }
  }

  private static void checkNoOrigins(ThinPoolReport report, List<String> names)
      throws DriverException {
    for (String name : names) {
      String dependent = report.find(name).map(ReportedLv::dependent).orElse("");
      if (!dependent.isEmpty()) {
        throw new DriverException(
            Code.VOLUME_IN_USE,
            "%s was made of %s, which is left of a volume".formatted(dependent, name),
            "Remove %s, then try again".formatted(dependent));
      }
    }
  }

  private void checkUnheld(List<String> names) throws IOException {
    LvHolders holders = new LvHolders(pool.devices());
    for (String name : names) {
      var holder = holders.of(name);
      if (holder.isPresent()) {
        throw new DriverException(
            Code.VOLUME_IN_USE,
            "%s holds %s open, which is left of a volume".formatted(holder.get(), name),
            "Let the VM end, or detach the device, then try again");
      }
    }
  }
}

package io.cistern.driver.lvmthin;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.directory.testing.LoopDevice;
import io.cistern.directory.testing.PoweredDisk;
import io.cistern.testkit.PowerSupply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A volume group on a disk whose power can be cut, with the thin pools {@code pool} and {@code
 * other}. Only one at a time can be there: all are copies of one.
 */
final class PoweredGroup implements PowerSupply, AutoCloseable {
  static final String NAME = "cisternpowered";
  static final String POOL = "pool";
  static final String OTHER = "other";

  /** Making a group takes as long as five other commands of LVM. */
  private static Optional<PoweredDisk> template = Optional.empty();

  private final PoweredDisk disk;
  private LoopDevice loop;

  private PoweredGroup(PoweredDisk disk) throws IOException {
    this.disk = disk;
    this.loop = LoopDevice.attach(disk.image());
  }

  /** Makes one, on the XFS of the virtual machine. */
  static synchronized PoweredGroup make() throws IOException {
    if (template.isEmpty()) {
      template = Optional.of(makeTemplate());
    }
    PoweredGroup group = new PoweredGroup(template.get().copy());
    group.lvm("vgchange", "-ay");
    return group;
  }

  private static PoweredDisk makeTemplate() throws IOException {
    PoweredDisk made = PoweredDisk.empty(FileSystemUnderTest.XFS, "128M");
    try (LoopDevice loop = LoopDevice.attach(made.image())) {
      GuestGroups.lvm("vgcreate", "-y", "-s", "64k", NAME, loop.path().toString());
      GuestGroups.makePool(NAME, POOL, "64M");
      GuestGroups.makePool(NAME, OTHER, "16M");
      GuestGroups.lvm("vgchange", "-an", NAME);
    }
    return made;
  }

  private void lvm(String command, String option) {
    GuestGroups.lvm(command, "-y", option, "--devices", loop.path().toString(), NAME);
  }

  /** Returns the physical volume. */
  Path device() {
    return loop.path();
  }

  @Override
  public int cut() throws IOException {
    return disk.cut();
  }

  /** Activates all that there is, as a machine does that boots. */
  @Override
  public void boot(int cut) throws IOException {
    detach();
    disk.boot(cut);
    loop = LoopDevice.attach(disk.image());
    lvm("vgchange", "-ay");
  }

  private void detach() throws IOException {
    lvm("vgchange", "-an");
    loop.close();
  }

  @Override
  public void close() throws IOException {
    detach();
    disk.close();
  }
}

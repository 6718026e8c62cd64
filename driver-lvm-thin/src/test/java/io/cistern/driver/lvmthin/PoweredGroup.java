package io.cistern.driver.lvmthin;

import io.cistern.directory.testing.FileSystemUnderTest;
import io.cistern.testkit.PowerSupply;
import io.cistern.testkit.disk.PoweredDisk;
import java.io.IOException;
import java.util.Optional;

/** A volume group on a disk whose power can be cut. */
final class PoweredGroup extends OwnGroup implements PowerSupply {
  /** Making a group takes as long as five other commands of LVM. */
  private static Optional<PoweredDisk> template = Optional.empty();

  private final PoweredDisk disk;

  private PoweredGroup(PoweredDisk disk) throws IOException {
    super(disk.image());
    this.disk = disk;
  }

  /** Makes one, on the XFS of the virtual machine. */
  static synchronized PoweredGroup make() throws IOException {
    if (template.isEmpty()) {
      PoweredDisk made = PoweredDisk.empty(FileSystemUnderTest.XFS.directory(), SIZE);
      make(made.image());
      template = Optional.of(made);
    }
    return new PoweredGroup(template.get().copy());
  }

  @Override
  public int cut() throws IOException {
    return disk.cut();
  }

  @Override
  public void boot(int cut) throws IOException {
    detach();
    disk.boot(cut);
    attach(disk.image());
  }

  @Override
  public void close() throws IOException {
    detach();
    disk.close();
  }
}

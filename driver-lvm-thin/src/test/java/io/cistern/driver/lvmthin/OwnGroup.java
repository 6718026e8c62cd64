package io.cistern.driver.lvmthin;

import io.cistern.testkit.disk.LoopDevice;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A volume group for one fixture, on a disk that fails in some way, with the thin pools {@code
 * pool} and {@code other}. Only one at a time can be there: all are copies of one.
 */
abstract class OwnGroup implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(OwnGroup.class);

  static final String NAME = "cisternpowered";
  static final String POOL = "pool";
  static final String OTHER = "other";

  /** As small as what is in it allows, in bytes. */
  static final long SIZE = 128 << 20;

  private LoopDevice loop;

  /** Activates the group on an image of a disk. */
  OwnGroup(Path image) throws IOException {
    this.loop = LoopDevice.attach(image);
    lvm("vgchange", "-ay");
  }

  /** Makes one on an image, and leaves it inactive. */
  static void make(Path image) throws IOException {
    try (LoopDevice loop = LoopDevice.attach(image)) {
      GuestGroups.lvm("vgcreate", "-y", "-s", "64k", NAME, loop.path().toString());
      GuestGroups.makePool(NAME, POOL, "64M");
      GuestGroups.makePool(NAME, OTHER, "16M");
      GuestGroups.lvm("vgchange", "-an", NAME);
    }
  }

  private void lvm(String command, String option) {
    GuestGroups.lvm(command, "-y", option, "--devices", loop.path().toString(), NAME);
  }

  /** Returns the physical volume. */
  final Path device() {
    return loop.path();
  }

  /**
   * Activates all that there is, as a machine does that boots; which goes on with what it could
   * activate if something could not be.
   */
  final void attach(Path image) throws IOException {
    loop = LoopDevice.attach(image);
    try {
      lvm("vgchange", "-ay");
    } catch (IllegalStateException e) {
      log.warn("not all that there is could be activated: {}", e.getMessage());
    }
  }

  final void detach() throws IOException {
    try {
      lvm("vgchange", "-an");
    } finally {
      loop.close();
    }
  }

  @Override
  public abstract void close() throws IOException;
}

package io.cistern.directory.testing;

import io.cistern.testkit.PowerSupply;
import java.io.IOException;

/** A new file system on a {@link PoweredDisk}. */
public final class PoweredFileSystem extends OwnFileSystem implements PowerSupply {
  private final PoweredDisk disk;

  /** Makes one, on the btrfs that {@code dev/test} mounts. */
  public PoweredFileSystem(FileSystemUnderTest type) throws IOException {
    this(type, FileSystemUnderTest.BTRFS);
  }

  /**
   * Makes one.
   *
   * @param outer what its image lies on, which needs reflinks
   */
  public PoweredFileSystem(FileSystemUnderTest type, FileSystemUnderTest outer) throws IOException {
    this(type, PoweredDisk.empty(outer, Long.toString(size(type))));
  }

  private PoweredFileSystem(FileSystemUnderTest type, PoweredDisk disk) throws IOException {
    super(type, disk.place());
    this.disk = disk;
    make(type, disk.image());
    mount(disk.image());
  }

  @Override
  public int cut() throws IOException {
    return disk.cut();
  }

  @Override
  public void boot(int cut) throws IOException {
    unmount();
    disk.boot(cut);
    mount(disk.image());
  }

  @Override
  public void close() throws IOException {
    unmount();
    disk.close();
  }
}

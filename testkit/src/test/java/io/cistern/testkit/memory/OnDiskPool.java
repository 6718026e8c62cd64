package io.cistern.testkit.memory;

import io.cistern.storage.PoolConfig;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A pool of the guide's driver on a directory of the machine's. */
final class OnDiskPool extends MemoryPool {
  private final AutoCloseable lock;
  private final PoolBugs.Volumes volumes;
  private final List<MemoryVolume> made = new CopyOnWriteArrayList<>();

  OnDiskPool(
      String name,
      PoolConfig config,
      DriverContext context,
      Path place,
      AutoCloseable lock,
      PoolBugs.Volumes volumes) {
    super(name, config, context, MemoryDisk.named(OnDiskDriver.NAME), place, 1);
    this.lock = lock;
    this.volumes = volumes;
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    MemoryVolume volume = volumes.make(this, config);
    made.add(volume);
    return volume;
  }

  @Override
  protected void doClose() throws IOException {
    for (MemoryVolume volume : made) {
      if (volume instanceof KillBugs.AtExit late) {
        late.catchUp();
      }
    }
    try {
      lock.close();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A pool of nothing but memory, each primitive of which can be made to block or to fail. */
public final class FakePool extends AbstractPool {
  static final long GRANULE = 512;

  final FakePlace place;

  FakePool(String name, PoolConfig config, DriverContext context, FakePlace place) {
    super(name, config, context);
    this.place = place;
  }

  /** Returns what is on disk. */
  public FakePlace place() {
    return place;
  }

  @Override
  public Set<Capability> capabilities() {
    return place.capabilities;
  }

  @Override
  public Optional<Path> directory() {
    return place.directory;
  }

  @Override
  public boolean containsDevice(String majorMinor) {
    return place.devices.contains(majorMinor);
  }

  @Override
  protected void doSetup() throws IOException {
    place.step("doSetup", "");
    place.isSetUp = true;
  }

  @Override
  protected void doDestroy() throws IOException {
    place.step("doDestroy", "");
    place.isSetUp = false;
  }

  @Override
  protected void doClose() throws IOException {
    place.step("doClose", "");
  }

  @Override
  protected void doCheckReady() throws IOException {
    place.meet("doCheckReady", "");
    if (!place.isSetUp) {
      throw new DriverException(Code.POOL_NOT_READY, "it is not set up", "Call setup");
    }
  }

  @Override
  protected List<FoundVolume> doVolumes() throws IOException {
    place.step("doVolumes", "");
    List<FoundVolume> found = new ArrayList<>(place.foreign);
    place.volumes.forEach(
        (vid, images) -> {
          if (images.committed.isPresent()) {
            found.add(new FoundVolume(vid, images.committed));
          }
        });
    return found;
  }

  @Override
  protected PoolUsage doUsage() throws IOException {
    place.step("doUsage", "");
    return place.usage;
  }

  @Override
  protected void checkVolume(VolumeConfig volume) throws DriverException {
    if (volume.vid().length() > 100) {
      throw new DriverException(Code.INVALID_ARGUMENT, "the vid is too long", "Take 100 at most");
    }
  }

  @Override
  protected DriverException explain(IOException failure) {
    IOException explained = place.explanation.apply(failure);
    return explained instanceof DriverException known ? known : super.explain(explained);
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    return new FakeVolume(this, config);
  }

  @Override
  protected long granule() {
    return GRANULE;
  }

  @Override
  protected int defaultRevisionsToKeep() {
    return place.defaultRevisions;
  }
}

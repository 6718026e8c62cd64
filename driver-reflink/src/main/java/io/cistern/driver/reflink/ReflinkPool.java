package io.cistern.driver.reflink;

import com.google.common.collect.Sets;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.Directory;
import io.cistern.linux.FileSystemStatus;
import io.cistern.linux.Linux;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractPool;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A directory of image files. */
final class ReflinkPool extends AbstractPool {
  private static final long GRANULE = 512;
  private static final Set<Capability> EVERYWHERE =
      Sets.immutableEnumSet(EnumSet.complementOf(EnumSet.of(Capability.INSTANT_CLONE)));
  private static final Set<Capability> WITH_REFLINKS =
      Sets.immutableEnumSet(EnumSet.allOf(Capability.class));

  /** What is done in a volume's directory. */
  interface Change {
    void make(VolumeDirectory directory) throws IOException;
  }

  private final ReflinkParameters parameters;
  private final PoolPlace place;
  private final DirectoryTree tree = new DirectoryTree();
  private final Holders holders;

  ReflinkPool(String name, PoolConfig config, ReflinkParameters parameters, DriverContext context) {
    super(name, config, context);
    this.parameters = parameters;
    Linux linux = Linux.create(ProbeSeam.of(name, context.probe()));
    this.place = new PoolPlace(linux, parameters.directory());
    this.holders = new Holders(linux);
  }

  PoolPlace place() {
    return place;
  }

  Linux linux() {
    return place.linux();
  }

  Holders holders() {
    return holders;
  }

  DriverContext driverContext() {
    return context();
  }

  /** Returns whether clones share blocks here, as setup found out. */
  boolean hasReflinks() {
    return place.marker().filter(PoolMarker::reflinks).isPresent();
  }

  CloneExpectation expectation() {
    return hasReflinks() ? CloneExpectation.EXPECT_CLONE : CloneExpectation.COPY_WILL_DO;
  }

  long roundedUp(long size) {
    return roundUp(size);
  }

  /** Opens a volume's directory for a question. */
  Optional<VolumeDirectory> open(ImageNames names) throws IOException {
    return tree.open(root(), names);
  }

  /** Opens a volume's directory, where its image has to be. */
  VolumeDirectory existing(ImageNames names) throws IOException {
    Optional<VolumeDirectory> directory = open(names);
    if (directory.isEmpty()) {
      throw new DriverException(
          Code.VOLUME_NOT_FOUND,
          "the directory of the image %s is missing".formatted(path(names, names.clean())),
          "Create the volume, import into it, or restore the image");
    }
    return directory.get();
  }

  /** Changes a volume's directory, which is made if it is missing, and gone again on failure. */
  void change(ImageNames names, boolean durable, Change change) throws IOException {
    boolean done = false;
    try (VolumeDirectory directory = tree.openOrMake(root(), names, durable)) {
      change.make(directory);
      done = true;
    } finally {
      if (!done) {
        tree.removeEmpty(root(), names);
      }
    }
  }

  /** Removes files from a volume's directory, and the directory if that made it empty. */
  void tidy(ImageNames names, Change removal) throws IOException {
    Optional<VolumeDirectory> present = open(names);
    if (present.isEmpty()) {
      return;
    }
    try (VolumeDirectory directory = present.get()) {
      removal.make(directory);
    }
    tree.removeEmpty(root(), names);
  }

  void removeExport(ImageNames names, String name) throws IOException {
    if (place.ready().isPresent()) {
      tidy(names, directory -> directory.remove(name));
    }
  }

  Path path(ImageNames names, String name) {
    Path path = place.path();
    for (String component : names.directories()) {
      path = path.resolve(component);
    }
    return path.resolve(name);
  }

  @Override
  public Set<Capability> capabilities() {
    return hasReflinks() ? WITH_REFLINKS : EVERYWHERE;
  }

  @Override
  public Optional<Path> directory() {
    return Optional.of(place.path());
  }

  @Override
  protected void doSetup() throws IOException {
    new PoolSetup(place, parameters.needsReflinks()).setUp();
  }

  @Override
  protected void doDestroy() throws IOException {
    new PoolSetup(place, parameters.needsReflinks()).destroy();
  }

  @Override
  protected void doClose() throws IOException {
    place.close();
  }

  @Override
  protected void doCheckReady() throws IOException {
    place.require();
  }

  @Override
  protected List<FoundVolume> doVolumes() throws IOException {
    Optional<Directory> root = present();
    return root.isPresent() ? new PoolScan().run(root.get()) : List.of();
  }

  @Override
  protected PoolUsage doUsage() throws IOException {
    Optional<Directory> root = present();
    if (root.isEmpty()) {
      return PoolUsage.unknown();
    }
    FileSystemStatus status = root.get().fileSystem();
    return PoolUsage.ofData(status.total(), status.total() - status.free());
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    return new ReflinkVolume(this, config);
  }

  @Override
  protected long granule() {
    return GRANULE;
  }

  @Override
  protected int defaultRevisionsToKeep() {
    return parameters.revisionsToKeep();
  }

  @Override
  protected void checkVolume(VolumeConfig volume) throws DriverException {
    VidRules.check(place.path(), volume.vid());
  }

  @Override
  protected DriverException explain(IOException failure) {
    return ReflinkFailures.explain(failure);
  }

  private Directory root() throws IOException {
    Optional<Directory> ready = place.ready();
    return ready.isPresent() ? ready.get() : place.require();
  }

  /** Returns the pool's directory if it is there and set up. */
  private Optional<Directory> present() throws IOException {
    place.attach();
    return place.ready();
  }
}

package io.cistern.driver.reflink;

import com.google.common.collect.Sets;
import io.cistern.directory.DirectoryPool;
import io.cistern.directory.VolumeFolder;
import io.cistern.linux.CloneExpectation;
import io.cistern.linux.Directory;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A directory of image files. */
final class ReflinkPool extends DirectoryPool {
  private static final Set<Capability> EVERYWHERE =
      Sets.immutableEnumSet(EnumSet.complementOf(EnumSet.of(Capability.INSTANT_CLONE)));
  private static final Set<Capability> WITH_REFLINKS =
      Sets.immutableEnumSet(EnumSet.allOf(Capability.class));

  /** What is done in a volume's directory. */
  interface InDirectory {
    void make(VolumeDirectory directory) throws IOException;
  }

  private final ReflinkParameters parameters;

  ReflinkPool(String name, PoolConfig config, ReflinkParameters parameters, DriverContext context) {
    super(name, config, context, parameters.directory());
    this.parameters = parameters;
  }

  CloneExpectation expectation() {
    return hasReflinks() ? CloneExpectation.EXPECT_CLONE : CloneExpectation.COPY_WILL_DO;
  }

  /** Opens a volume's directory for a question. */
  Optional<VolumeDirectory> open(ImageNames names) throws IOException {
    return open(names.place()).map(folder -> new VolumeDirectory(folder, names));
  }

  /** Opens a volume's directory, where its image has to be. */
  VolumeDirectory existing(ImageNames names) throws IOException {
    return new VolumeDirectory(existing(names.place(), names.clean()), names);
  }

  /** Changes a volume's directory, which is made if it is missing, and gone again on failure. */
  void change(ImageNames names, boolean durable, InDirectory change) throws IOException {
    change(names.place(), durable, folder -> change.make(new VolumeDirectory(folder, names)));
  }

  /** Removes files from a volume's directory, and the directory if that made it empty. */
  void tidy(ImageNames names, InDirectory removal) throws IOException {
    tidy(names.place(), folder -> removal.make(new VolumeDirectory(folder, names)));
  }

  void removeExport(ImageNames names, String name) throws IOException {
    if (isReady()) {
      tidy(names, directory -> directory.remove(name));
    }
  }

  Path path(ImageNames names, String name) {
    return path(names.place(), name);
  }

  @Override
  public Set<Capability> capabilities() {
    return hasReflinks() ? WITH_REFLINKS : EVERYWHERE;
  }

  @Override
  protected boolean prove(Directory directory) throws IOException {
    return new ReflinkProof(directory).run();
  }

  @Override
  protected void removeProof(Directory directory) throws IOException {
    new ReflinkProof(directory).removeRemains();
  }

  @Override
  protected Optional<FoundVolume> found(VolumeFolder folder, String vid) throws IOException {
    return folder
        .file(ImageNames.of(vid).clean())
        .map(image -> new FoundVolume(vid, OptionalLong.of(image.size())));
  }

  @Override
  protected void doSetup() throws IOException {
    setUp(parameters.needsReflinks());
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    return new ReflinkVolume(this, config);
  }

  @Override
  protected int defaultRevisionsToKeep() {
    return parameters.revisionsToKeep();
  }
}

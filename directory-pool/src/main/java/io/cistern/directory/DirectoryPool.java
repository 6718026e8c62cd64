package io.cistern.directory;

import io.cistern.linux.Directory;
import io.cistern.linux.FileSystemStatus;
import io.cistern.linux.Linux;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractPool;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A pool that is a directory: its lock, its marker, the directories below it and what is found in
 * them. A driver adds what its files are.
 */
public abstract class DirectoryPool extends AbstractPool {
  /** The sector of a block device: an image's size is a multiple of it. */
  private static final long GRANULE = 512;

  private final PoolPlace place;
  private final DirectoryTree tree = new DirectoryTree();
  private final Holders holders;

  /** What is done in a volume's folder. */
  @FunctionalInterface
  public interface Change {
    /** Does it. */
    void make(VolumeFolder folder) throws IOException;
  }

  /** Makes a pool; {@link #attach} takes its directory into possession. */
  protected DirectoryPool(String name, PoolConfig config, DriverContext context, Path directory) {
    super(name, config, context);
    Linux linux = Linux.create(ProbeSeam.of(name, context.probe()));
    this.place = new PoolPlace(linux, directory);
    this.holders = new Holders(linux);
  }

  /** Refuses a pool where native calls do not work. */
  public static void checkNative() throws DriverException {
    Optional<String> unavailable = Linux.unavailable();
    if (unavailable.isPresent()) {
      throw new DriverException(
          Code.UNSUPPORTED, "native calls do not work here", unavailable.get());
    }
  }

  /** Takes the directory into possession if it is there (rule 106). */
  public final void attach() throws IOException {
    place.attach();
  }

  /**
   * Proves on the pool's directory that what the driver needs works, and leaves nothing (rule 102).
   *
   * @return whether clones share blocks there
   */
  protected abstract boolean prove(Directory directory) throws IOException;

  /** Removes what a proof that was killed has left; nobody else has it. */
  protected abstract void removeProof(Directory directory) throws IOException;

  /**
   * Returns the name of the image that a file is by its name, or may be about to become; empty if
   * it is neither. Looks at nothing.
   */
  protected Optional<String> image(String name) {
    return name.endsWith(VidRules.IMAGE) ? Optional.of(name) : Optional.empty();
  }

  /**
   * Tells which volume has committed content in a folder; empty if there is none, or what has the
   * name is no regular file.
   *
   * @param folder the folder, which stays open
   * @param vid the vid that the name of the image means
   */
  protected abstract Optional<FoundVolume> found(VolumeFolder folder, String vid)
      throws IOException;

  /** Returns the system calls of this pool, which its step probe sees. */
  public final Linux linux() {
    return place.linux();
  }

  /** Returns a means to tell who holds a file. */
  public final Holders holders() {
    return holders;
  }

  /** Returns what the embedder provides. */
  public final DriverContext driverContext() {
    return context();
  }

  /** Returns whether clones share blocks here, as setup found out. */
  public final boolean hasReflinks() {
    return place.marker().filter(PoolMarker::reflinks).isPresent();
  }

  /** Rounds a size in bytes up to the granule. */
  public final long roundedUp(long size) {
    return roundUp(size);
  }

  /** Returns the path of a volume's file. */
  public final Path path(VolumePath volume, String name) {
    return volume.resolve(place.path(), name);
  }

  /** Opens a volume's folder for a question; empty if it is not there. */
  public final Optional<VolumeFolder> open(VolumePath volume) throws IOException {
    return tree.open(root(), volume.directories());
  }

  /**
   * Opens a volume's folder, which has to be there.
   *
   * @param image the name of the image that is looked for, for the message
   */
  public final VolumeFolder existing(VolumePath volume, String image) throws IOException {
    return open(volume)
        .orElseThrow(
            () ->
                new DriverException(
                    Code.VOLUME_NOT_FOUND,
                    "the directory of the image %s is missing".formatted(path(volume, image)),
                    "Create the volume, import into it, or restore the image"));
  }

  /**
   * Changes a volume's folder, which is made if it is missing, and gone again on failure.
   *
   * @param durable whether the folder's own name is durable when the change begins
   */
  public final void change(VolumePath volume, boolean durable, Change change) throws IOException {
    boolean done = false;
    try (VolumeFolder folder = tree.openOrMake(root(), volume.directories(), durable)) {
      change.make(folder);
      done = true;
    } finally {
      if (!done) {
        tree.removeEmpty(root(), volume.directories());
      }
    }
  }

  /** Removes files from a volume's folder, and the folder if that made it empty. */
  public final void tidy(VolumePath volume, Change removal) throws IOException {
    Optional<VolumeFolder> present = open(volume);
    if (present.isEmpty()) {
      return;
    }
    try (VolumeFolder folder = present.get()) {
      removal.make(folder);
    }
    tree.removeEmpty(root(), volume.directories());
  }

  /** Tells whether the pool's directory is there and set up; looks at nothing. */
  public final boolean isReady() {
    return place.ready().isPresent();
  }

  /** Returns which inode the pool's directory is. */
  public final String identity() throws IOException {
    return root().status().device() + ":" + root().status().inode();
  }

  @Override
  public final Optional<Path> directory() {
    return Optional.of(place.path());
  }

  /**
   * Makes the directory a pool, or finds that it is.
   *
   * @param needsReflinks whether a file system without is refused
   */
  protected final void setUp(boolean needsReflinks) throws IOException {
    newSetup().setUp(needsReflinks);
  }

  private PoolSetup newSetup() {
    return new PoolSetup(
        place,
        new PoolSetup.Proof() {
          @Override
          public boolean prove(Directory directory) throws IOException {
            return DirectoryPool.this.prove(directory);
          }

          @Override
          public void removeRemains(Directory directory) throws IOException {
            removeProof(directory);
          }
        });
  }

  @Override
  protected final void doDestroy() throws IOException {
    newSetup().destroy();
  }

  @Override
  protected void doClose() throws IOException {
    place.close();
  }

  @Override
  protected final void doCheckReady() throws IOException {
    place.require();
  }

  @Override
  protected final List<FoundVolume> doVolumes() throws IOException {
    Optional<Directory> root = present();
    return root.isPresent() ? new PoolScan(newRecognition()).run(root.get()) : List.of();
  }

  private PoolScan.Recognition newRecognition() {
    return new PoolScan.Recognition() {
      @Override
      public Optional<String> image(String name) {
        return DirectoryPool.this.image(name);
      }

      @Override
      public Optional<FoundVolume> found(VolumeFolder folder, String vid) throws IOException {
        return DirectoryPool.this.found(folder, vid);
      }
    };
  }

  @Override
  protected final PoolUsage doUsage() throws IOException {
    Optional<Directory> root = present();
    if (root.isEmpty()) {
      return PoolUsage.unknown();
    }
    FileSystemStatus status = root.get().fileSystem();
    return PoolUsage.ofData(status.total(), status.total() - status.free());
  }

  @Override
  protected final long granule() {
    return GRANULE;
  }

  @Override
  protected void checkVolume(VolumeConfig volume) throws DriverException {
    VidRules.check(place.path(), volume.vid());
  }

  @Override
  protected final DriverException explain(IOException failure) {
    return DirectoryFailures.explain(failure);
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

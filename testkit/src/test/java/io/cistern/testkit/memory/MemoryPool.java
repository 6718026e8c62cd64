package io.cistern.testkit.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeId;
import io.cistern.storage.spi.AbstractPool;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool: the directory {@code volumes} of a place, with a directory for each volume. */
class MemoryPool extends AbstractPool {
  private static final Logger log = LoggerFactory.getLogger(MemoryPool.class);
  private static final int GRANULE = 512;
  private static final int MAX_NAME = 255;

  private final MemoryDisk disk;
  private final Path place;
  private final MemoryFiles files;
  private final int revisionsToKeep;

  MemoryPool(
      String name,
      PoolConfig config,
      DriverContext context,
      MemoryDisk disk,
      Path place,
      int revisionsToKeep) {
    super(name, config, context);
    this.disk = disk;
    this.place = place;
    this.files = new MemoryFiles(name, context.probe());
    this.revisionsToKeep = revisionsToKeep;
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.complementOf(EnumSet.of(Capability.INSTANT_CLONE, Capability.DISCARD));
  }

  @Override
  protected void doSetup() throws IOException {
    if (!Files.isDirectory(place)) {
      throw notReady("there is no directory " + place, "Mount the place, or make the directory");
    }
    if (!Files.exists(tree())) {
      Path proof = place.resolve("volumes.new");
      clear(proof); // A dead process may have left it.
      try {
        prove(proof);
        files.rename(proof, tree());
      } catch (IOException e) {
        clear(proof);
        throw e;
      }
    }
  }

  /** Proves that what the driver builds on works here: data, copies, atomic renames. */
  private void prove(Path directory) throws IOException {
    files.createDirectories(directory);
    Path original = directory.resolve("original");
    Path copy = directory.resolve("copy");
    files.write(original, "proof".repeat(4096).getBytes(UTF_8));
    files.copy(original, copy);
    if (Files.mismatch(original, copy) >= 0) {
      throw notReady("a copy in %s differs".formatted(directory), "Use another place");
    }
    files.rename(copy, original);
    files.delete(original);
  }

  private void clear(Path directory) throws IOException {
    files.delete(directory.resolve("copy"));
    files.delete(directory.resolve("original"));
    files.deleteIfEmpty(directory);
  }

  @Override
  protected void doDestroy() throws IOException {
    files.deleteIfEmpty(tree());
  }

  @Override
  protected void doClose() throws IOException {
    disk.unlock(place);
  }

  @Override
  protected void doCheckReady() throws IOException {
    if (!Files.isDirectory(tree())) {
      throw notReady("there is no directory " + tree(), "Mount the place, or set the pool up");
    }
  }

  @Override
  protected List<FoundVolume> doVolumes() throws IOException {
    List<FoundVolume> found = new ArrayList<>();
    if (Files.isDirectory(tree())) {
      try (Stream<Path> entries = Files.list(tree())) {
        for (Path entry : entries.toList()) {
          findVolume(entry).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  /** Finds out whether a directory is that of a volume; a stranger's is not, whatever is in it. */
  private Optional<FoundVolume> findVolume(Path entry) {
    try {
      String name = entry.getFileName().toString();
      String vid = new VolumeId(name(), URLDecoder.decode(name, UTF_8)).vid();
      VolumeImages images = images(vid);
      OptionalLong size = images.size(images.catalog().content());
      return size.isPresent() && directoryName(vid).equals(name)
          ? Optional.of(new FoundVolume(vid, size))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException | StorageException e) {
      log.debug("{}: {} is none of its volumes", this, entry, e);
      return Optional.empty();
    }
  }

  @Override
  protected PoolUsage doUsage() throws IOException {
    if (!Files.isDirectory(tree())) {
      return PoolUsage.unknown();
    }
    FileStore store = Files.getFileStore(tree());
    return PoolUsage.ofData(
        store.getTotalSpace(), store.getTotalSpace() - store.getUnallocatedSpace());
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    return new MemoryVolume(this, config);
  }

  @Override
  protected long granule() {
    return GRANULE;
  }

  @Override
  protected int defaultRevisionsToKeep() {
    return revisionsToKeep;
  }

  @Override
  protected void checkVolume(VolumeConfig volume) throws DriverException {
    int length = directoryName(volume.vid()).length();
    if (length > MAX_NAME) {
      throw new DriverException(
          Code.INVALID_ARGUMENT,
          "the name of its directory would be %d characters long".formatted(length),
          "Choose a vid whose URL encoding has %d at most".formatted(MAX_NAME));
    }
  }

  /** Encodes what separates, so that no two vids share a directory, nor one lies in another's. */
  private static String directoryName(String vid) {
    return URLEncoder.encode(vid, UTF_8);
  }

  @Override
  protected DriverException explain(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("ENOSPC") || message.contains("out of disk space")) {
      return new DriverException(
          Code.OUT_OF_SPACE, message, "Remove volumes or revisions", failure);
    }
    return super.explain(failure);
  }

  @Override
  public Optional<Path> directory() {
    return Optional.of(place);
  }

  MemoryDisk disk() {
    return disk;
  }

  MemoryFiles files() {
    return files;
  }

  long rounded(long size) {
    return (size + GRANULE - 1) / GRANULE * GRANULE;
  }

  Instant now() {
    return context().clock().instant();
  }

  VolumeImages images(String vid) {
    return new VolumeImages(tree().resolve(directoryName(vid)), files, disk);
  }

  private Path tree() {
    return place.resolve("volumes");
  }

  private static DriverException notReady(String obstacle, String remedy) {
    return new DriverException(Code.POOL_NOT_READY, obstacle, remedy);
  }
}

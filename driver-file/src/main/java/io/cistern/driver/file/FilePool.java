package io.cistern.driver.file;

import com.google.common.collect.Sets;
import com.google.common.hash.Hashing;
import io.cistern.directory.DirectoryPool;
import io.cistern.directory.VolumeFolder;
import io.cistern.linux.DeviceMapper;
import io.cistern.linux.Directory;
import io.cistern.linux.FileStatus;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory of sparse files, with device-mapper snapshots on them. */
final class FilePool extends DirectoryPool {
  private static final Logger log = LoggerFactory.getLogger(FilePool.class);
  private static final int TAG_DIGITS = 16;
  private static final Set<Capability> CAPABILITIES =
      Sets.immutableEnumSet(
          Capability.REVISIONS,
          Capability.REVERT,
          Capability.ONLINE_RESIZE,
          Capability.OUTDATED_CHECK,
          Capability.EXPORT_WHILE_RUNNING);

  /** What is done in a volume's directory. */
  interface InDirectory {
    void make(VolumeDirectory directory) throws IOException;
  }

  private final FileParameters parameters;
  private final ConcurrentHashMap<String, Layers> layers = new ConcurrentHashMap<>();
  private final Set<String> openExports = ConcurrentHashMap.newKeySet();
  private final DeviceMapper mapper = linux().deviceMapper();
  private final AtomicLong exports = new AtomicLong();

  FilePool(String name, PoolConfig config, FileParameters parameters, DriverContext context) {
    super(name, config, context, parameters.directory());
    this.parameters = parameters;
  }

  /** Returns whether the space of a store is allocated when it is made. */
  boolean isReserved() {
    return parameters.isReserved();
  }

  /** Returns the layers of a volume, of which there is one set. */
  Layers layers(String vid) throws IOException {
    Layers present = layers.get(vid);
    if (present != null) {
      return present;
    }
    DeviceNames names = new DeviceNames(tag(vid));
    return layers.computeIfAbsent(vid, key -> new Layers(this, FileNames.of(key), names));
  }

  /** Returns what tells the devices of a volume from all others, also after a restart. */
  private String tag(String vid) throws IOException {
    return Hashing.sha256()
        .hashString(identity() + "/" + vid, StandardCharsets.UTF_8)
        .toString()
        .substring(0, TAG_DIGITS);
  }

  DeviceMapper mapper() {
    return mapper;
  }

  /** Returns the names of the stores of exports that this process has open. */
  Set<String> openExports() {
    return openExports;
  }

  long nextExport() {
    return exports.incrementAndGet();
  }

  void tell(StorageEvent.Type type, FileVolume volume) {
    tell(
        new StorageEvent(
            type, name(), Optional.of(volume.id()), java.time.Duration.ZERO, Optional.empty()));
  }

  Optional<VolumeDirectory> open(FileNames names) throws IOException {
    return open(names.place()).map(folder -> new VolumeDirectory(folder, names));
  }

  VolumeDirectory existing(FileNames names) throws IOException {
    return new VolumeDirectory(existing(names.place(), names.base()), names);
  }

  void change(FileNames names, boolean durable, InDirectory change) throws IOException {
    change(names.place(), durable, folder -> change.make(new VolumeDirectory(folder, names)));
  }

  void tidy(FileNames names, InDirectory removal) throws IOException {
    tidy(names.place(), folder -> removal.make(new VolumeDirectory(folder, names)));
  }

  Path path(FileNames names, String name) {
    return path(names.place(), name);
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  @Override
  protected boolean prove(Directory directory) throws IOException {
    proof(directory).run();
    return false;
  }

  @Override
  protected void removeProof(Directory directory) throws IOException {
    proof(directory).removeRemains();
  }

  private SnapshotProof proof(Directory directory) throws IOException {
    FileStatus status = directory.status();
    DeviceNames names = new DeviceNames("proof-" + status.device() + ":" + status.inode());
    return new SnapshotProof(linux(), mapper, directory, names);
  }

  /** A process that died right after the switch of a first import has left no base. */
  @Override
  protected Optional<String> image(String name) {
    Optional<String> base = FileNames.baseOfNext(name);
    return base.isPresent() ? base : super.image(name);
  }

  @Override
  protected Optional<FoundVolume> found(VolumeFolder folder, String vid) throws IOException {
    VolumeDirectory directory = new VolumeDirectory(folder, FileNames.of(vid));
    Optional<FileStatus> base = directory.file(directory.names().base());
    try {
      OptionalLong committed = layers(vid).committedSize(directory);
      return base.isPresent() || committed.isPresent()
          ? Optional.of(new FoundVolume(vid, committed))
          : Optional.empty();
    } catch (IOException e) {
      log.warn("{}: the size of {} is not known: {}", this, vid, e.getMessage());
      OptionalLong size =
          base.isPresent() ? OptionalLong.of(base.get().size()) : OptionalLong.empty();
      return Optional.of(new FoundVolume(vid, size));
    }
  }

  @Override
  protected void doSetup() throws IOException {
    setUp(false);
  }

  @Override
  protected void doClose() throws IOException {
    mapper.close();
    super.doClose();
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    return new FileVolume(this, config);
  }

  @Override
  protected int defaultRevisionsToKeep() {
    return parameters.revisionsToKeep();
  }

  @Override
  protected void checkVolume(VolumeConfig volume) throws DriverException {
    super.checkVolume(volume);
    int revisions = volume.revisionsToKeep().orElse(0);
    if (revisions > FileParameters.MAX_REVISIONS) {
      throw new DriverException(
          Code.INVALID_ARGUMENT,
          "%d revisions are more than the one that this driver can keep".formatted(revisions),
          "Keep 0 or 1, or use another driver, such as file-reflink");
    }
  }
}

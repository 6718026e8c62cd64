package io.cistern.driver.lvmthin;

import com.google.common.base.Splitter;
import io.cistern.linux.Access;
import io.cistern.linux.DeviceMapper;
import io.cistern.linux.DeviceTarget;
import io.cistern.linux.Errno;
import io.cistern.linux.Linux;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import io.cistern.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The devices as the kernel has them, asked by the ioctls of device-mapper. */
final class KernelLvDevices implements LvDevices {
  private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();
  private static final int SECTOR = 512;

  private static final Duration HOLDER_PATIENCE = Duration.ofMillis(100);
  private static final long PATH_PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final Linux linux;
  private final DeviceMapper mapper;
  private final String volumeGroup;

  KernelLvDevices(Linux linux, String volumeGroup) {
    this.linux = linux;
    this.mapper = linux.deviceMapper();
    this.volumeGroup = volumeGroup;
  }

  @Override
  public Optional<String> stamp(Collection<Path> physicalVolumes) {
    return GroupMetadata.stamp(physicalVolumes);
  }

  @Override
  public Optional<Map<String, ReportedLv>> written(Collection<Path> physicalVolumes) {
    return GroupMetadata.text(physicalVolumes).flatMap(MetadataText::parse);
  }

  @Override
  public DiskCaches caches(Collection<Path> physicalVolumes) throws IOException {
    return DiskCaches.open(linux, physicalVolumes);
  }

  @Override
  public Path path(String name) {
    return Path.of("/dev", volumeGroup, name);
  }

  @Override
  public void awaitPath(String name) throws IOException {
    Path path = path(name);
    long deadline = System.nanoTime() + PATH_PATIENCE_NANOS;
    while (!Files.exists(path)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "%s was activated, but %s did not appear; see whether udev works, or run \"lvm vgmknodes\""
                .formatted(name, path));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public Set<String> active(Collection<String> names) throws IOException {
    Set<String> devices = new HashSet<>(mapper.names());
    Set<String> active = new HashSet<>();
    for (String name : names) {
      if (devices.contains(DeviceNames.of(volumeGroup, name))) {
        active.add(name);
      }
    }
    return active;
  }

  @Override
  public Optional<MappedDevice> device(String name) throws IOException {
    return mapper.device(DeviceNames.of(volumeGroup, name));
  }

  @Override
  public Path lastingPath(MappedDevice device) {
    return Path.of("/dev/dm-" + device.number().substring(device.number().indexOf(':') + 1));
  }

  @Override
  public List<String> holders(MappedDevice device) throws IOException {
    return linux.holders().describe(device);
  }

  @Override
  public OptionalLong mapped(String name) throws IOException {
    List<String> words = status(DeviceNames.of(volumeGroup, name), "thin");
    return words.isEmpty() ? OptionalLong.empty() : sectors(words.get(0));
  }

  /** A thin volume that has failed answers with a word. */
  private static OptionalLong sectors(String word) {
    try {
      return OptionalLong.of(Long.parseLong(word) * SECTOR);
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Optional<ThinPoolStatus> status(String thinPool, long chunkSize) throws IOException {
    List<String> words = status(DeviceNames.ofPool(volumeGroup, thinPool), "thin-pool");
    return words.isEmpty() ? Optional.empty() : Optional.of(ThinPoolStatus.parse(words, chunkSize));
  }

  @Override
  public Optional<QueuedCreation> queuedCreation(
      Collection<Path> physicalVolumes, String thinPool) {
    return GroupMetadata.text(physicalVolumes).flatMap(text -> QueuedCreation.of(text, thinPool));
  }

  @Override
  public void delete(String thinPool, long deviceId) throws IOException {
    try {
      mapper.message(DeviceNames.ofPool(volumeGroup, thinPool), "delete " + deviceId);
    } catch (SystemCallException e) {
      if (!e.errno().equals(Errno.ENODATA)) {
        throw e;
      }
    }
  }

  @Override
  public void count(String thinPool, long from, long to) throws IOException {
    mapper.message(
        DeviceNames.ofPool(volumeGroup, thinPool), "set_transaction_id %d %d".formatted(from, to));
  }

  /** Returns the words of a target's status; none if there is no such device. */
  private List<String> status(String device, String type) throws IOException {
    return mapper.statusIfPresent(device).stream()
        .filter(target -> target.type().equals(type))
        .findFirst()
        .map(DeviceTarget::parameters)
        .map(WORDS::splitToList)
        .orElse(List.of());
  }

  @Override
  public boolean contains(String thinPool, String majorMinor) throws IOException {
    return new DeviceStack(mapper)
        .liesOnThinPool(majorMinor, DeviceNames.ofPool(volumeGroup, thinPool));
  }

  @Override
  public void sync(String name) throws IOException {
    try (OpenFile file = linux.openFile(path(name), Access.READ)) {
      file.sync();
    }
  }

  @Override
  public void discard(String name, long offset, long length) throws IOException {
    try (OpenFile file = linux.openFile(path(name), Access.READ_WRITE)) {
      file.discard(offset, length);
    }
  }

  @Override
  public void zero(String name, long offset, long length) throws IOException {
    try (OpenFile file = linux.openFile(path(name), Access.READ_WRITE)) {
      file.zeroOut(offset, length);
      file.sync();
    }
  }

  @Override
  public Duration patience() {
    return HOLDER_PATIENCE;
  }

  @Override
  public void close() {
    mapper.close();
  }
}

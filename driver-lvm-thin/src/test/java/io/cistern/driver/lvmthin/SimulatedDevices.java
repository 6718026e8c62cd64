package io.cistern.driver.lvmthin;

import io.cistern.linux.Access;
import io.cistern.linux.Linux;
import io.cistern.linux.MappedDevice;
import io.cistern.linux.OpenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** The devices of the simulated LVM: files, which are synced and punched as devices would be. */
final class SimulatedDevices implements LvDevices {
  private static final int BLOCK = 65536;
  private static final long METADATA_BLOCKS = 512;

  private final SimulatedLvm lvm;
  private final Linux linux;
  private final String volumeGroup;
  private final Set<String> contained;

  SimulatedDevices(SimulatedLvm lvm, Linux linux, String volumeGroup, Set<String> contained) {
    this.lvm = lvm;
    this.linux = linux;
    this.volumeGroup = volumeGroup;
    this.contained = contained;
  }

  private Optional<SimulatedLv> active(String name) {
    synchronized (lvm) {
      return lvm.group(volumeGroup).flatMap(group -> group.find(name)).filter(lv -> lv.active);
    }
  }

  @Override
  public Optional<String> stamp(Collection<Path> physicalVolumes) {
    synchronized (lvm) {
      return lvm.group(volumeGroup).map(group -> Long.toString(group.sequence()));
    }
  }

  @Override
  public Optional<Map<String, ReportedLv>> written(Collection<Path> physicalVolumes) {
    synchronized (lvm) {
      return lvm.group(volumeGroup)
          .map(
              group ->
                  group.all().stream()
                      .map(lv -> new ReportedLv(lv.name, lv.size, Set.copyOf(lv.tags)))
                      .collect(Collectors.toMap(ReportedLv::name, lv -> lv)));
    }
  }

  @Override
  public Path path(String name) {
    return lvm.root().resolve("dev").resolve(volumeGroup).resolve(name);
  }

  @Override
  public void awaitPath(String name) throws IOException {
    if (!Files.exists(path(name))) {
      throw new NoSuchFileException(path(name).toString());
    }
  }

  @Override
  public Set<String> active(Collection<String> names) {
    return names.stream().filter(name -> active(name).isPresent()).collect(Collectors.toSet());
  }

  @Override
  public Optional<MappedDevice> device(String name) {
    return active(name)
        .map(
            lv ->
                new MappedDevice(
                    DeviceNames.of(volumeGroup, name),
                    lv.data.toString(),
                    "253:1",
                    lv.holders,
                    false,
                    true));
  }

  @Override
  public Path lastingPath(MappedDevice device) {
    return Path.of(device.uuid());
  }

  @Override
  public List<String> holders(MappedDevice device) {
    return List.of("process 4711 (simulated)");
  }

  @Override
  public OptionalLong mapped(String name) throws IOException {
    Optional<SimulatedLv> lv = active(name);
    return lv.isPresent() ? OptionalLong.of(mapped(lv.get().data)) : OptionalLong.empty();
  }

  private static long mapped(Path data) throws IOException {
    byte[] bytes = Files.readAllBytes(data);
    long mapped = 0;
    for (int at = 0; at < bytes.length; at += BLOCK) {
      boolean used = false;
      for (int i = at; i < Math.min(at + BLOCK, bytes.length) && !used; i++) {
        used = bytes[i] != 0;
      }
      mapped += used ? BLOCK : 0;
    }
    return mapped;
  }

  @Override
  public Optional<ThinPoolStatus> status(String thinPool, long chunkSize) {
    synchronized (lvm) {
      Optional<SimulatedLv> pool = lvm.group(volumeGroup).flatMap(group -> group.find(thinPool));
      return pool.filter(lv -> !lv.isBroken)
          .map(lv -> ThinPoolStatus.parse(words(lv, chunkSize), chunkSize));
    }
  }

  @Override
  public Optional<QueuedCreation> queuedCreation(
      Collection<Path> physicalVolumes, String thinPool) {
    synchronized (lvm) {
      return lvm.group(volumeGroup)
          .flatMap(group -> group.find(thinPool))
          .flatMap(pool -> pool.queued);
    }
  }

  @Override
  public void delete(String thinPool, long deviceId) {
    synchronized (lvm) {
      SimulatedLv pool = lvm.group(volumeGroup).orElseThrow().find(thinPool).orElseThrow();
      pool.deletedDevices.add(deviceId);
    }
  }

  @Override
  public void count(String thinPool, long from, long to) throws IOException {
    synchronized (lvm) {
      SimulatedLv pool = lvm.group(volumeGroup).orElseThrow().find(thinPool).orElseThrow();
      if (pool.transaction != from) {
        throw new IOException("the pool is at transaction " + pool.transaction);
      }
      pool.transaction = to;
    }
  }

  private static List<String> words(SimulatedLv pool, long chunkSize) {
    long blocks = pool.size / chunkSize;
    long used = Math.max(1, (long) (blocks * pool.filled / 100));
    return List.of(
        Long.toString(pool.transaction),
        pool.filledWithMetadata * METADATA_BLOCKS / 100 + "/" + METADATA_BLOCKS,
        used + "/" + blocks,
        "-",
        pool.isReadOnly ? "ro" : "rw",
        pool.discards.equals("passdown") ? "discard_passdown" : "no_discard_passdown",
        "queue_if_no_space",
        pool.isReadOnly ? "needs_check" : "-",
        "128");
  }

  @Override
  public boolean contains(String thinPool, String majorMinor) {
    return contained.contains(volumeGroup + "/" + thinPool + " " + majorMinor);
  }

  @Override
  public DiskCaches caches(Collection<Path> physicalVolumes) throws IOException {
    DiskCaches caches = DiskCaches.open(linux, physicalVolumes);
    return new DiskCaches() {
      @Override
      public void flush() throws IOException {
        caches.flush();
        physicalVolumes.forEach(lvm::flushed);
      }

      @Override
      public void close() throws IOException {
        caches.close();
      }
    };
  }

  @Override
  public void sync(String name) throws IOException {
    try (OpenFile file = linux.openFile(path(name), Access.READ)) {
      file.sync();
    }
  }

  @Override
  public void discard(String name, long offset, long length) throws IOException {
    zero(name, offset, length);
    synchronized (lvm) {
      active(name).ifPresent(lv -> lv.discarded += length);
    }
  }

  @Override
  public void zero(String name, long offset, long length) throws IOException {
    try (OpenFile file = linux.openFile(path(name), Access.READ_WRITE)) {
      file.punchHole(offset, length);
    }
  }

  @Override
  public Duration patience() {
    return Duration.ZERO;
  }

  @Override
  public void close() {}
}

package io.cistern.driver.lvmthin;

import com.google.common.collect.ConcurrentHashMultiset;
import com.google.common.collect.Multiset;
import io.cistern.driver.lvmthin.ThinPoolReport.ReportedPool;
import io.cistern.linux.CommandFailedException;
import io.cistern.linux.ExternalCommands;
import io.cistern.linux.Linux;
import io.cistern.storage.Capability;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.spi.AbstractPool;
import io.cistern.storage.spi.AbstractVolume;
import io.cistern.storage.spi.DriverContext;
import io.cistern.storage.spi.DriverException;
import io.cistern.storage.spi.FoundVolume;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thin pool of a volume group. */
final class LvmThinPool extends AbstractPool {
  private static final String ABSENT =
      "Look with \"vgs %1$s\" and \"lvs %1$s\": attach disks that are missing, then"
          + " \"vgchange -ay %1$s\"; only if there never was one, make it:"
          + " \"lvcreate --type thin-pool -L SIZE -n %2$s %1$s\"";

  private static final Logger log = LoggerFactory.getLogger(LvmThinPool.class);
  private static final Set<Capability> CAPABILITIES = Set.copyOf(EnumSet.allOf(Capability.class));

  /** LVM's own default, for as long as nobody knows better. */
  private static final long DEFAULT_EXTENT_SIZE = 4 << 20;

  /** How long a close works at what can be left to the next process. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

  private final LvmThinParameters parameters;
  private final Machine machine;
  private final Linux linux;
  private final LvDevices devices;
  private final LvmCommands commands;
  private final PoolState state;
  private final UncountedCreation creation;
  private final Reclaimer reclaimer;
  private final PoolRoom room;

  /** The names of exports that were handed out and not given back. */
  private final Set<String> exports = ConcurrentHashMap.newKeySet();

  /** The contents of which clones are being made. */
  private final Multiset<String> pins = ConcurrentHashMultiset.create();

  private volatile long extentSize = DEFAULT_EXTENT_SIZE;
  private volatile @Nullable PoolLock lock;

  private volatile boolean isClosed;

  /** Whether LVM may have to be brought to the end of a command before anything else. */
  private volatile boolean isCutShort;

  LvmThinPool(
      String name,
      PoolConfig config,
      LvmThinParameters parameters,
      DriverContext context,
      Machine machine) {
    super(name, config, context);
    this.parameters = parameters;
    this.machine = machine;
    this.linux = Linux.create(ProbeSeams.ofSystemCalls(name, context.probe()));
    this.devices = machine.devices().of(linux, parameters.volumeGroup());
    this.commands =
        new LvmCommands(
            machine,
            ExternalCommands.create(
                ProbeSeams.ofCommands(name, context.probe()), machine.launcher()),
            parameters);
    this.creation = new UncountedCreation(commands, devices, parameters.thinPool());
    commands.runner().mendedBy(creation::count);
    this.state = new PoolState(commands, devices, parameters.thinPool());
    commands.witnessedBy(state);
    this.room =
        new PoolRoom(
            parameters,
            devices,
            () -> present().flatMap(ThinPoolReport::pool),
            () -> commands.activate(List.of(parameters.thinPool())),
            this::tellFilling);
    commands.allowedBy(room::checkWritable);
    Garbage garbage =
        new Garbage(state::current, devices, exports::contains, id -> pins.contains(id));
    this.reclaimer =
        new Reclaimer(
            name,
            commands,
            garbage,
            new GradualDiscard(commands, devices, room),
            state::flushOwed,
            Thread::new);
    machine.reclaimers().accept(reclaimer);
  }

  LvmThinParameters parameters() {
    return parameters;
  }

  LvmCommands commands() {
    return commands;
  }

  LvDevices devices() {
    return devices;
  }

  Reclaimer reclaimer() {
    return reclaimer;
  }

  Set<String> exports() {
    return exports;
  }

  Multiset<String> pins() {
    return pins;
  }

  Linux linux() {
    return linux;
  }

  Instant now() {
    return context().clock().instant();
  }

  private void tellFilling() {
    tell(
        new StorageEvent(
            StorageEvent.Type.POOL_FILLING,
            name(),
            Optional.empty(),
            Duration.ZERO,
            Optional.empty()));
  }

  /** Takes the thin pool into possession if it is there (rule 106); tells whether it is. */
  synchronized boolean attach() throws IOException {
    if (lock != null) {
      return true;
    }
    if (!commands.find()) {
      return false;
    }
    ThinPoolReport report = state.current();
    Optional<ReportedPool> pool = report.pool();
    if (pool.isEmpty()) {
      return false;
    }
    lock =
        PoolLock.take(linux, machine.lockDirectory(), report.volumeGroupUuid(), pool.get().uuid());
    extentSize = report.extentSize();
    if (report.isSetUp()) {
      flushWhatIsFound();
      finishCreation();
    }
    reclaimer.wake();
    return true;
  }

  /** Whoever wants to change something insists on it. */
  private void flushWhatIsFound() {
    try {
      state.flushOwed();
    } catch (IOException e) {
      log.warn("{}: what a process before has done may not be durable yet", this, e);
    }
  }

  /** Whoever wants to change something tries again. */
  private void finishCreation() {
    try {
      creation.finish(extentSize);
      isCutShort = false;
    } catch (IOException e) {
      isCutShort = true;
      log.warn("{}: what LVM has begun can't be ended yet", this, e);
    }
  }

  /** Returns what there is; empty if the place is absent. */
  Optional<ThinPoolReport> present() throws IOException {
    if (!attach()) {
      return Optional.empty();
    }
    try {
      return Optional.of(state.current());
    } catch (CommandFailedException e) {
      if (commands.find()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Returns what there is in a pool that is set up. */
  ThinPoolReport require() throws IOException {
    commands.runner().checkNothingPending();
    ThinPoolReport report = requirePlace();
    if (!report.isSetUp()) {
      throw notReady(
          "the thin pool %s is not set up".formatted(parameters.pool()),
          "Call setup() once, also to adopt volumes that other tools have made");
    }
    state.checkComplete(report);
    state.flushOwed();
    if (isCutShort) {
      finishCreation();
    }
    return report;
  }

  /** See {@link PoolState#flushOwed}. */
  void flushOwed() throws IOException {
    state.flushOwed();
  }

  ThinPoolReport requirePlace() throws IOException {
    return present()
        .filter(report -> report.pool().isPresent())
        .orElseThrow(
            () ->
                notReady(
                    "there is no thin pool %s".formatted(parameters.pool()),
                    ABSENT.formatted(parameters.volumeGroup(), parameters.thinPool())));
  }

  void checkZeroes(ReportedPool pool) throws DriverException {
    if (!pool.zeroes() && !parameters.allowUnzeroed()) {
      throw new DriverException(
          Code.UNSUPPORTED,
          "the thin pool %s does not zero new blocks, so a VM could read what another has written"
              .formatted(parameters.pool()),
          "Run \"lvchange -Zy %s\", or accept it with %s=yes"
              .formatted(parameters.pool(), LvmThinParameters.ALLOW_UNZEROED));
    }
  }

  private static DriverException notReady(String obstacle, String remedy) {
    return new DriverException(Code.POOL_NOT_READY, obstacle, remedy);
  }

  /** Refuses what takes new room where less than the reserve is left (rule 1002). */
  void checkRoom() throws IOException {
    checkZeroes();
    room.check();
  }

  /** Refuses to let a VM write where new blocks would show what another one has written. */
  void checkZeroes() throws IOException {
    checkZeroes(requirePlace().pool().orElseThrow());
  }

  PoolRoom room() {
    return room;
  }

  @Override
  public Set<Capability> capabilities() {
    return CAPABILITIES;
  }

  /** Asking would open again what a closed pool has closed. */
  @Override
  public boolean containsDevice(String majorMinor) {
    try {
      return !isClosed && devices.contains(parameters.thinPool(), majorMinor);
    } catch (IOException e) {
      log.debug("{}: it can't be told whether {} lies on it", this, majorMinor, e);
      return false;
    }
  }

  @Override
  protected void doSetup() throws IOException {
    new ThinPoolSetup(this).run();
    reclaimer.wake();
  }

  @Override
  protected void doDestroy() throws IOException {
    new ThinPoolSetup(this).undo();
  }

  @Override
  protected void doClose() throws IOException {
    reclaimer.close(CLOSE_PATIENCE);
    isClosed = true;
    devices.close();
    PoolLock held = lock;
    if (held != null) {
      held.close();
    }
  }

  @Override
  protected void doCheckReady() throws IOException {
    ThinPoolReport unused = require();
  }

  @Override
  protected List<FoundVolume> doVolumes() throws IOException {
    Optional<ThinPoolReport> report = present().filter(ThinPoolReport::isSetUp);
    List<FoundVolume> found = new ArrayList<>();
    if (report.isPresent()) {
      for (String base : report.get().volumes().keySet()) {
        Optional<ThinLv> content = VolumeView.of(report.get(), new LvNames(base)).content();
        Optional<String> vid = VolumeNames.decode(base);
        if (content.isPresent() && vid.isPresent()) {
          found.add(new FoundVolume(vid.get(), OptionalLong.of(content.get().size())));
        }
      }
    }
    return found;
  }

  @Override
  protected PoolUsage doUsage() throws IOException {
    Optional<ReportedPool> pool = present().flatMap(ThinPoolReport::pool);
    if (pool.isEmpty()) {
      return PoolUsage.unknown();
    }
    Optional<PoolFill> fill = room.fill();
    return new PoolUsage(
        OptionalLong.of(pool.get().size()),
        fill.stream().mapToLong(PoolFill::dataUsed).findFirst(),
        OptionalLong.of(pool.get().metadataSize()),
        fill.stream().mapToLong(PoolFill::metadataUsed).findFirst());
  }

  @Override
  protected AbstractVolume newVolume(VolumeConfig config) {
    return new LvmThinVolume(this, config);
  }

  @Override
  protected long granule() {
    return extentSize;
  }

  @Override
  protected int defaultRevisionsToKeep() {
    return parameters.revisionsToKeep();
  }

  @Override
  protected void checkVolume(VolumeConfig volume) throws DriverException {
    VolumeNames.check(parameters.volumeGroup(), volume.vid());
  }

  @Override
  protected DriverException explain(IOException failure) {
    return LvmFailures.explain(failure, room::obstacle);
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.Pool;
import io.cistern.storage.PoolConfig;
import io.cistern.storage.PoolInfo;
import io.cistern.storage.PoolUsage;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool on which a driver need only do the blocking work: this class owns the futures, the
 * volumes, the open imports and exports, and the order in which a pool is closed.
 *
 * <p><b>Threading.</b> {@code doSetup}, {@code doDestroy} and {@code doClose} are called one at a
 * time; while {@code doDestroy} and {@code doClose} run, nothing else does. Everything else is
 * called at any time from any thread.
 *
 * <p>Failures are told as {@link VolumePrimitives} describes.
 */
public abstract class AbstractPool implements Pool, PoolLocation {
  private static final Logger log = LoggerFactory.getLogger(AbstractPool.class);

  private final String name;
  private final PoolConfig config;
  private final DriverContext context;
  private final OperationGate gate = new OperationGate();
  private final OpenHandles handles = new OpenHandles();
  private final VolumeRegistry registry = new VolumeRegistry(this::newVolume);
  private final Execution execution;
  private final PoolChecks checks;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile boolean released;

  /** Makes a pool; what the arguments are is told at {@link PoolDriver#open}. */
  protected AbstractPool(String name, PoolConfig config, DriverContext context) {
    this.name = name;
    this.config = config;
    this.context = context;
    this.execution = new Execution("pool " + name, this, Optional.empty());
    this.checks = new PoolChecks(this, execution);
  }

  /**
   * Makes the place ready, or finds that it is.
   *
   * @implSpec Rule 102: proves on the place that what the driver needs works; what it made is gone
   *     again if it fails.
   */
  protected abstract void doSetup() throws IOException;

  /** Undoes what {@link #doSetup()} did; there are no volumes (rule 111). */
  protected abstract void doDestroy() throws IOException;

  /** Lets go of the place: locks, descriptors. Works as far as it can and throws at the end. */
  protected abstract void doClose() throws IOException;

  /**
   * Fails with {@code POOL_NOT_READY} if the place is absent or not set up; called before each
   * operation, so it had better be quick.
   */
  protected abstract void doCheckReady() throws IOException;

  /** Lists what has committed content (rules 109 and 110); nothing if the place is absent. */
  protected abstract List<FoundVolume> doVolumes() throws IOException;

  /** Tells how full the pool is; what is not known, or of a place that is absent, is empty. */
  protected abstract PoolUsage doUsage() throws IOException;

  /** Makes the object for a volume, by a constructor that touches no disk. */
  protected abstract AbstractVolume newVolume(VolumeConfig config);

  /** Returns what sizes are rounded up to, in bytes. */
  protected abstract long granule();

  /** Returns what a volume keeps that does not say; -1 for in place. */
  protected abstract int defaultRevisionsToKeep();

  /**
   * Refuses what the driver can't hold though it is a proper {@link VolumeConfig}: a vid that is
   * too long or that reads like another of the driver's names (rule 202), a number of revisions
   * that it can't keep. Reads memory only.
   */
  protected void checkVolume(VolumeConfig volume) throws DriverException {}

  /** Makes code and remedy of a failure that has none. */
  protected DriverException explain(IOException failure) {
    Code code = failure instanceof NoSuchFileException ? Code.VOLUME_NOT_FOUND : Code.IO;
    return new DriverException(
        code, String.valueOf(failure), "Mend the cause, then try again", failure);
  }

  @Override
  public Optional<Path> directory() {
    return Optional.empty();
  }

  @Override
  public boolean containsDevice(String majorMinor) {
    return false;
  }

  /** Returns what the embedder provides. */
  protected final DriverContext context() {
    return context;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String driver() {
    return context.driver();
  }

  @Override
  public final PoolConfig config() {
    return config;
  }

  @Override
  public final CompletableFuture<Void> setup() {
    return exclusive(
        "set up",
        StorageEvent.Type.POOL_SET_UP,
        report -> {
          doSetup();
          report.happened(StorageEvent.Type.POOL_SET_UP);
          return CompletableFuture.completedFuture(null);
        });
  }

  @Override
  public final CompletableFuture<Void> destroy() {
    return exclusive(
        "destroy",
        StorageEvent.Type.POOL_DESTROYED,
        report -> {
          // Before anything is kept out: most pools that can't be destroyed have volumes at work.
          checkDestroyable();
          gate.pause();
          return gate.whenDrained()
              .thenRunAsync(Blocking.of(this::destroyNow), context.executor())
              .whenComplete((done, failure) -> gate.resume())
              .thenRun(() -> report.happened(StorageEvent.Type.POOL_DESTROYED));
        });
  }

  @Override
  public final CompletableFuture<Void> close() {
    if (gate.close()) {
      ClosingExecutor closing = new ClosingExecutor(context.executor(), name());
      var unused =
          execution
              .<Void>internal(
                  closing,
                  "close",
                  StorageEvent.Type.POOL_CLOSED,
                  report ->
                      closing
                          .allEnded(gate.whenDrained())
                          .thenRunAsync(Blocking.of(this::closeNow), closing)
                          .thenRun(() -> report.happened(StorageEvent.Type.POOL_CLOSED)))
              .whenComplete(
                  (done, failure) -> {
                    context.closed().accept(this);
                    if (failure == null) {
                      closed.complete(null);
                    } else {
                      closed.completeExceptionally(failure);
                    }
                  });
    }
    return closed.copy();
  }

  @Override
  public final Volume volume(VolumeConfig volume) {
    gate.checkOpen(execution.subject(), "declare " + volume.vid());
    checks.declarable(volume);
    AbstractVolume declared = registry.declare(volume, known -> checks.redeclarable(known, volume));
    checks.agrees(declared.config(), volume);
    return declared;
  }

  @Override
  public final CompletableFuture<Optional<Volume>> find(String vid) {
    return execution.question(
        "find " + vid,
        report -> {
          Optional<AbstractVolume> declared = registry.declaredVolume(vid);
          if (declared.isPresent()) {
            return declared.map(volume -> volume);
          }
          return doVolumes().stream()
              .filter(volume -> volume.vid().equals(vid))
              .findFirst()
              .flatMap(this::found);
        });
  }

  @Override
  public final CompletableFuture<List<Volume>> volumes() {
    return execution.question("list the volumes", report -> volumesNow());
  }

  @Override
  public final CompletableFuture<PoolUsage> usage() {
    return execution.question("tell the usage", report -> usageNow());
  }

  @Override
  public final CompletableFuture<Optional<Pool>> includedIn(Collection<? extends Pool> candidates) {
    List<? extends Pool> pools = List.copyOf(candidates);
    return execution.question("tell what contains it", report -> PoolPlacement.of(this, pools));
  }

  @Override
  public final CompletableFuture<PoolInfo> info() {
    return execution.question(
        "tell about it",
        report -> {
          Optional<String> notReady = checks.notReady();
          return new PoolInfo(
              name,
              driver(),
              config,
              capabilities(),
              notReady.isEmpty(),
              notReady,
              usageNow(),
              PoolPlacement.of(this, context.pools().get()).map(Pool::name),
              volumesNow().size());
        });
  }

  @Override
  public final String toString() {
    return "pool " + name;
  }

  final OperationGate gate() {
    return gate;
  }

  final OpenHandles handles() {
    return handles;
  }

  final VolumeRegistry registry() {
    return registry;
  }

  final boolean endAlike(VolumeConfig one, VolumeConfig other) {
    return checks.endAlike(one, other);
  }

  final void checkSupported(VolumeConfig volume, String attempted) {
    checks.supported(volume, attempted);
  }

  /** Rounds a size in bytes up to the granule. */
  protected final long roundUp(long size) {
    long granule = granule();
    long beyond = size % granule;
    if (beyond == 0) {
      return size;
    }
    long down = size - beyond;
    return down <= Long.MAX_VALUE - granule ? down + granule : down;
  }

  /** Tells the embedder's listener about something, and survives what that throws. */
  protected final void tell(StorageEvent event) {
    try {
      context.listener().onEvent(event);
    } catch (Throwable e) {
      log.warn("the listener to events failed at {}", event, e);
    }
  }

  /** What looks like a volume and can be none spoils no list (rule 110). */
  private Optional<Volume> found(FoundVolume volume) {
    try {
      VolumeConfig.Builder builder = VolumeConfig.builder(volume.vid()).saveOnStop(true);
      volume.size().stream().filter(size -> size > 0).forEach(builder::size);
      return Optional.of(registry.found(builder.build()));
    } catch (StorageException e) {
      log.debug("{}: {} can be no volume and is left out", this, volume, e);
      return Optional.empty();
    }
  }

  private List<Volume> volumesNow() throws IOException {
    return checks.merged(doVolumes().stream().map(this::found).flatMap(Optional::stream).toList());
  }

  private PoolUsage usageNow() {
    try {
      return doUsage();
    } catch (IOException e) {
      log.warn("{}: its usage is not known", this, e);
      return PoolUsage.unknown();
    }
  }

  /**
   * Runs what has its turn among setup, destroy and close. It is not counted at the gate: a destroy
   * waits until nothing is, and would wait for a setup that waits for its turn.
   */
  private CompletableFuture<Void> exclusive(
      String attempted, StorageEvent.Type type, Execution.AsyncWork<Void> work) {
    try {
      gate.checkOpen(execution.subject(), attempted);
    } catch (StorageException e) {
      return CompletableFuture.failedFuture(e);
    }
    return execution.internal(
        attempted,
        type,
        report -> {
          if (released) {
            gate.checkOpen(execution.subject(), attempted);
          }
          return work.run(report);
        });
  }

  private void destroyNow() throws IOException {
    checkDestroyable();
    doDestroy();
  }

  private void checkDestroyable() throws IOException {
    doCheckReady();
    List<Volume> volumes = volumesNow();
    if (!volumes.isEmpty()) {
      throw execution.refusal(
          Code.VOLUME_EXISTS, "destroy", "it has the volumes " + volumes, "Remove them first");
    }
    if (!handles.isEmpty()) {
      throw execution.refusal(
          Code.VOLUME_IN_USE, "destroy", "there are still open: " + handles, "Close them first");
    }
  }

  private void closeNow() throws IOException {
    released = true;
    handles.closeAll();
    doClose();
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Pool;
import io.cistern.storage.ResizeOption;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.Transfer;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeExport;
import io.cistern.storage.VolumeId;
import io.cistern.storage.VolumeImport;
import io.cistern.storage.VolumeInfo;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeState;
import io.cistern.storage.VolumeUpdate;
import io.cistern.storage.VolumeUsage;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A volume on which a driver need only do the blocking work: this class owns the futures, the queue
 * of operations, the checks that are the same for all drivers, the events and the logging. What is
 * left to write is in {@link VolumePrimitives}.
 *
 * <p>A pool has one object for each vid, so that its queue is the queue of the volume.
 */
public abstract class AbstractVolume extends VolumePrimitives implements Volume {
  private final AbstractPool pool;
  private final VolumeId id;
  private final Execution execution;
  private final VolumeMemory memory;
  private final SessionOperations sessions;
  private final ContentOperations contents;
  private final ImportOperations imports;
  private final VolumeQuestions questions;

  /**
   * Makes a volume; touches no disk.
   *
   * @param pool the pool, which calls this from {@link AbstractPool#newVolume}
   * @param config what {@link AbstractPool#newVolume} was given
   */
  protected AbstractVolume(AbstractPool pool, VolumeConfig config) {
    this.pool = pool;
    this.id = new VolumeId(pool.name(), config.vid());
    this.execution = new Execution(id.toString(), pool, Optional.of(id));
    this.memory = new VolumeMemory(config);
    VolumeChecks checks = new VolumeChecks(this, execution);
    this.questions = new VolumeQuestions(this, execution, checks);
    this.sessions = new SessionOperations(this, execution, checks);
    this.contents = new ContentOperations(this, execution, checks);
    this.imports = new ImportOperations(this, execution, checks);
  }

  @Override
  public final VolumeId id() {
    return id;
  }

  @Override
  public final Pool pool() {
    return pool;
  }

  @Override
  public final VolumeKind kind() {
    return memory.config().kind();
  }

  @Override
  public final VolumeConfig config() {
    return memory.config();
  }

  /** Returns whether a start lets the VM write the committed image itself (rule 313). */
  protected final boolean isInPlace() {
    return kind() == VolumeKind.ORIGIN && config().rw() && configuredRevisions() < 0;
  }

  /** Returns whether a stop keeps what was written, if it does not say otherwise. */
  final boolean keepsSessions() {
    return kind().saveOnStop() && config().rw();
  }

  /** Returns the nominal size, rounded up to the granule; empty if none is configured. */
  protected final OptionalLong nominalSize() {
    OptionalLong size = config().size();
    return size.isEmpty() ? size : OptionalLong.of(pool.roundUp(size.getAsLong()));
  }

  @Override
  public final CompletableFuture<VolumeState> state() {
    return questions.state();
  }

  @Override
  public final CompletableFuture<Volume> create() {
    return contents.create();
  }

  @Override
  public final CompletableFuture<Volume> verify() {
    return questions.verify();
  }

  @Override
  public final CompletableFuture<BlockDevice> start() {
    return sessions.start();
  }

  @Override
  public final CompletableFuture<Volume> stop(StopMode mode) {
    return sessions.stop(mode);
  }

  @Override
  public final CompletableFuture<Void> remove() {
    return contents.remove();
  }

  @Override
  public final CompletableFuture<Volume> resize(long size, ResizeOption... options) {
    return contents.resize(size, Arrays.asList(options).contains(ResizeOption.ALLOW_SHRINK));
  }

  @Override
  public final CompletableFuture<Volume> revert() {
    return contents.revert(Optional.empty());
  }

  @Override
  public final CompletableFuture<Volume> revert(RevisionId revision) {
    return contents.revert(Optional.of(revision));
  }

  @Override
  public final CompletableFuture<List<Revision>> revisions() {
    return execution.question("list the revisions", report -> List.copyOf(doRevisions()));
  }

  @Override
  public final CompletableFuture<Volume> removeRevision(RevisionId revision) {
    return contents.removeRevision(revision);
  }

  @Override
  public final CompletableFuture<VolumeImport> importData(long size) {
    return imports.importData(size);
  }

  @Override
  public final CompletableFuture<Volume> importFrom(
      ReadableByteChannel channel, long size, Transfer transfer) {
    return imports.importFrom(channel, size, transfer);
  }

  @Override
  public final CompletableFuture<Volume> importVolume(Volume source, Transfer transfer) {
    return imports.importVolume(source, transfer);
  }

  @Override
  public final CompletableFuture<VolumeExport> export() {
    return export(Optional.empty());
  }

  @Override
  public final CompletableFuture<VolumeExport> export(RevisionId revision) {
    return export(Optional.of(revision));
  }

  @Override
  public final CompletableFuture<OptionalLong> size() {
    return questions.size();
  }

  @Override
  public final CompletableFuture<VolumeUsage> usage() {
    return execution.question("tell the usage", report -> doUsage());
  }

  @Override
  public final CompletableFuture<Boolean> isDirty() {
    return questions.isDirty();
  }

  @Override
  public final CompletableFuture<Boolean> isOutdated() {
    return questions.isOutdated();
  }

  @Override
  public final CompletableFuture<Volume> update(VolumeUpdate update) {
    return contents.update(update);
  }

  @Override
  public final CompletableFuture<BlockDevice> blockDevice() {
    return questions.blockDevice();
  }

  @Override
  public final CompletableFuture<VolumeInfo> info() {
    return questions.info();
  }

  @Override
  public final String toString() {
    return id.toString();
  }

  /**
   * Pins the committed content for a clone; counted as an operation of this volume's pool. A clone
   * within the pool was let in already, and is let end though the pool is being closed.
   */
  final CompletableFuture<Pin> pin(AbstractPool importing) {
    String attempted = "read its content";
    return importing == pool
        ? execution.questionOfOperation(attempted, report -> sessions.pin())
        : execution.question(attempted, report -> sessions.pin());
  }

  final AbstractPool abstractPool() {
    return pool;
  }

  final VolumeMemory memory() {
    return memory;
  }

  /**
   * Forgets that this process has started the volume: for a driver whose end of a session goes on
   * after it has failed, as a command does that hangs (rule 1005). Whether there is a session is
   * then asked from what there is, as after a crash.
   */
  protected final void forgetStart() {
    memory.setStarted(false);
    memory.setBegun(false);
    memory.readers().endWrite();
  }

  final VolumeQuestions questions() {
    return questions;
  }

  final SessionOperations sessions() {
    return sessions;
  }

  /** Returns what is configured, by the volume or else by the pool; may be -1. */
  final int configuredRevisions() {
    int configured = config().revisionsToKeep().orElse(pool.defaultRevisionsToKeep());
    return kind() == VolumeKind.ORIGIN ? configured : Math.max(configured, 0);
  }

  /** Returns how many revisions a commit keeps. */
  final int revisionsToKeep() {
    return Math.max(configuredRevisions(), 0);
  }

  private CompletableFuture<VolumeExport> export(Optional<RevisionId> revision) {
    return execution.export(
        "export",
        StorageEvent.Type.EXPORTED,
        report -> {
          PinnedContent content = sessions.export(revision);
          report.happened(StorageEvent.Type.EXPORTED);
          return pool.handles().opened(new OpenExport(this, content));
        });
  }
}

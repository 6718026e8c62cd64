package io.cistern.testkit;

import io.cistern.storage.Capability;
import io.cistern.storage.VolumeConfig;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeState;
import io.cistern.testkit.ModelContents.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the contract says that a volume is after what was done to it: a few fields, no disk, no
 * threads. What may be done when, the {@link VolumeCommand}s know.
 */
final class ModelVolume {
  private final VolumeConfig declared;
  private final Set<Capability> capabilities;
  private final long granule;

  private final boolean isSource;

  private boolean rw;
  private int revisionsToKeep;
  private OptionalLong nominalSize = OptionalLong.empty();
  private final ModelContents contents = new ModelContents();
  private VolumeState state = VolumeState.STOPPED;
  private Optional<Content> session = Optional.empty();
  private Optional<Version> sourceVersion = Optional.empty();
  private Optional<Content> imported = Optional.empty();
  private final List<Content> exports = new ArrayList<>();
  private boolean held;
  private boolean startedByThisProcess;

  ModelVolume(VolumeConfig declared, Set<Capability> capabilities, long granule, boolean isSource) {
    this.declared = declared;
    this.capabilities = Set.copyOf(capabilities);
    this.granule = granule;
    this.isSource = isSource;
    configure();
  }

  private void configure() {
    rw = declared.rw();
    revisionsToKeep = declared.revisionsToKeep().orElse(0);
    nominalSize = declared.size();
  }

  /** Returns its vid; no other volume has the same, of whichever pool. */
  String name() {
    return declared.vid();
  }

  VolumeConfig declared() {
    return declared;
  }

  /** Returns how to declare it as it is set now. */
  VolumeConfig config() {
    VolumeConfig.Builder config = declared.toBuilder().rw(rw);
    declared.revisionsToKeep().ifPresent(any -> config.revisionsToKeep(revisionsToKeep));
    nominalSize.ifPresent(config::size);
    return config.build();
  }

  boolean can(Capability capability) {
    return capabilities.contains(capability);
  }

  VolumeKind kind() {
    return declared.kind();
  }

  /** Tells whether another volume that is declared has it as its source. */
  boolean isSource() {
    return isSource;
  }

  boolean saves() {
    return kind().saveOnStop();
  }

  boolean isRw() {
    return rw;
  }

  int revisionsToKeep() {
    return revisionsToKeep;
  }

  VolumeState state() {
    return state;
  }

  boolean hasSession() {
    return session.isPresent();
  }

  boolean isStarted() {
    return state == VolumeState.STARTED;
  }

  boolean isInPlace() {
    return kind() == VolumeKind.ORIGIN && rw && revisionsToKeep < 0;
  }

  boolean isHeld() {
    return held;
  }

  boolean isImporting() {
    return imported.isPresent();
  }

  /** A start goes on with the session that there is, instead of making one. */
  boolean startContinues() {
    return isStarted() || (state == VolumeState.CRASHED && saves());
  }

  Optional<Content> committed() {
    return contents.committed();
  }

  Optional<Content> session() {
    return session;
  }

  Optional<Content> imported() {
    return imported;
  }

  OptionalLong nominalSize() {
    return nominalSize;
  }

  List<ModelRevision> revisions() {
    return contents.revisions();
  }

  /** Returns the highest number that a revision was seen to have; later ones are above it. */
  long highestRevision() {
    return contents.highestRevision();
  }

  void sawRevision(long number) {
    contents.sawRevision(number);
  }

  /** Tells which content of the source was taken at the start, if that is known. */
  Optional<Version> sourceVersion() {
    return sourceVersion;
  }

  long rounded(long size) {
    return (size + granule - 1) / granule * granule;
  }

  /** Tells one content from the one before, even if the bytes are the same. */
  Version version() {
    return contents.version();
  }

  /** What one gets who takes its content now. */
  Offer offer() {
    return Offer.of(this);
  }

  void create() {
    if (kind() == VolumeKind.ORIGIN) {
      contents.replace(Content.zeros(rounded(declared.size().orElseThrow())));
    }
  }

  /** Starts it if it is not; what its session begins with is asked only where one begins. */
  void start(Content content, Optional<Version> taken) {
    if (!startContinues()) {
      session = Optional.of(content);
      sourceVersion = taken;
    }
    state = VolumeState.STARTED;
    startedByThisProcess = true;
  }

  void write(long offset, Content written) {
    session = session.map(content -> content.with(offset, written));
  }

  /** What another process has started is started only as long as it is held (rule 314). */
  void hold(boolean value) {
    held = value;
    if (isStarted() && !held && !startedByThisProcess) {
      state = VolumeState.CRASHED;
    }
  }

  /** Ends the session; it is the content then, if it is to be kept and the volume keeps it. */
  void stop(boolean commit) {
    if (hasSession() && saves() && rw && commit) {
      commit(session.orElseThrow());
    }
    session = Optional.empty();
    sourceVersion = Optional.empty();
    state = VolumeState.STOPPED;
  }

  private void commit(Content content) {
    contents.commit(content, revisionsToKeep);
  }

  void revert(ModelRevision revision) {
    contents.revert(revision, revisionsToKeep);
  }

  void removeRevision(ModelRevision revision) {
    contents.removeRevision(revision);
  }

  /** Grows or shrinks what there is. A new size of the content is another content (rule 702). */
  void resize(long size) {
    if (hasSession()) {
      session = session.map(content -> content.resized(size));
    } else if (committed().isPresent() && committed().orElseThrow().size() != size) {
      contents.replace(committed().orElseThrow().resized(size));
    }
    nominalSize = OptionalLong.of(size);
  }

  void beginImport(long size) {
    imported = Optional.of(Content.zeros(size));
  }

  void writeImport(long offset, Content written) {
    imported = imported.map(content -> content.with(offset, written));
  }

  void commitImport() {
    Content content = imported.orElseThrow();
    imported = Optional.empty();
    commit(content);
  }

  void abortImport() {
    imported = Optional.empty();
  }

  /** Has another content from now on, as by an import. */
  void take(Content content) {
    commit(content);
  }

  /** Knows at last what the import was that it took. */
  void took(Content content) {
    contents.took(content);
  }

  /** Returns what its open exports have to give, the oldest first. */
  List<Content> exports() {
    return exports;
  }

  void export(Content content) {
    exports.add(content);
  }

  void closeExport() {
    if (!exports.isEmpty()) {
      exports.remove(0);
    }
  }

  void update(boolean newRw, int newRevisionsToKeep) {
    rw = newRw;
    revisionsToKeep = newRevisionsToKeep;
  }

  /** Is as if it had never been, and declared anew. */
  void remove() {
    stop(false);
    contents.remove();
    configure();
  }

  /** The process has ended, and another one has opened the pool. */
  void reopen() {
    imported = Optional.empty();
    exports.clear();
    startedByThisProcess = false;
    hold(held);
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.RevisionId;
import io.cistern.storage.StopMode;
import io.cistern.storage.StorageEvent;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.Volume;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Start and stop of a volume, and who may read its committed content meanwhile. */
final class SessionOperations {
  /** Blocking work that gives something. */
  interface Reading<T> {
    T read() throws IOException;
  }

  private static final String GIVE = "give its content";

  private final AbstractVolume volume;
  private final Execution execution;
  private final VolumeChecks checks;

  SessionOperations(AbstractVolume volume, Execution execution, VolumeChecks checks) {
    this.volume = volume;
    this.execution = execution;
    this.checks = checks;
  }

  CompletableFuture<BlockDevice> start() {
    return execution.operation(
        "start",
        StorageEvent.Type.STARTED,
        report -> {
          checks.changeable("start");
          VolumeState state = checks.state();
          if (state == VolumeState.STARTED) {
            // A session that something holds counts as started by this process from now on.
            BlockDevice device = checks.device();
            remember(true);
            return device;
          }
          BlockDevice device = beginAsConfigured(state);
          report.happened(StorageEvent.Type.STARTED);
          return device;
        });
  }

  private BlockDevice beginAsConfigured(VolumeState state) throws IOException {
    return volume
        .abstractPool()
        .registry()
        .beginning(
            volume,
            () -> {
              checks.declaredIfTransient("start");
              return begin(state);
            });
  }

  private BlockDevice begin(VolumeState state) throws IOException {
    SessionForm left = state == VolumeState.CRASHED ? volume.doSession() : SessionForm.NONE;
    if (state == VolumeState.CRASHED && checks.isContinued(left)) {
      checks.begunAsDeclared("start", left);
      withWriting(left == SessionForm.IN_PLACE, volume::doContinue);
      BlockDevice device = volume.doBlockDevice();
      remember(true);
      return device;
    }
    volume.memory().setStarting(true);
    try {
      startAnew(state, left);
      BlockDevice device = deviceOrNoSession();
      volume.memory().setBegun(true);
      remember(true);
      return device;
    } finally {
      volume.memory().setStarting(false);
    }
  }

  /** A start that fails leaves nothing, also if all that fails is to tell what it made. */
  private BlockDevice deviceOrNoSession() throws IOException {
    try {
      return volume.doBlockDevice();
    } catch (Throwable e) {
      try {
        volume.doDiscard();
      } catch (IOException | RuntimeException alsoFailed) {
        e.addSuppressed(alsoFailed);
      }
      volume.memory().readers().endWrite();
      throw e;
    }
  }

  CompletableFuture<Volume> stop(StopMode mode) {
    return execution.operation(
        "stop",
        mode == StopMode.COMMIT ? StorageEvent.Type.COMMITTED : StorageEvent.Type.DISCARDED,
        report -> {
          volume.abstractPool().doCheckReady();
          if (checks.state() != VolumeState.STOPPED) {
            end(mode, report);
            volume.memory().readers().endWrite();
            remember(false);
          }
          return volume;
        });
  }

  /** Reads the committed content, which must not be written in place meanwhile. */
  <T> T read(Reading<T> reading) throws IOException {
    beginRead();
    try {
      return reading.read();
    } finally {
      volume.memory().readers().endRead();
    }
  }

  PinnedContent export(Optional<RevisionId> revision) throws IOException {
    checks.saved("export");
    if (revision.isPresent()) {
      return volume.doExport(revision);
    }
    return read(() -> volume.doExport(revision));
  }

  /**
   * Pins the committed content; until the pin is closed, no start in place is let through. Called
   * by what is counted at the gate.
   */
  Pin pin() throws IOException {
    checks.saved("clone from it");
    OperationGate gate = volume.abstractPool().gate();
    gate.enterAgain();
    try {
      beginRead();
      try {
        return new Pin(volume.doPin(), this::endPin);
      } catch (Throwable e) {
        volume.memory().readers().endRead();
        throw e;
      }
    } catch (Throwable e) {
      gate.exit();
      throw e;
    }
  }

  private void endPin() {
    volume.memory().readers().endRead();
    volume.abstractPool().gate().exit();
  }

  private void beginRead() throws IOException {
    if (!volume.memory().readers().beginRead()) {
      throw inPlace();
    }
    try {
      SessionForm form = volume.doSession();
      if (form == SessionForm.IN_PLACE) {
        throw inPlace();
      }
      if (form != SessionForm.NONE) {
        checks.can(Capability.EXPORT_WHILE_RUNNING, GIVE + " while it has a session");
      }
    } catch (Throwable e) {
      volume.memory().readers().endRead();
      throw e;
    }
  }

  private io.cistern.storage.StorageException inPlace() {
    return checks.refusal(
        Code.VOLUME_IN_USE,
        GIVE,
        "it has a session in place, whose VM writes the only copy",
        "Stop it first, or keep revisions instead of running it in place");
  }

  private void startAnew(VolumeState state, SessionForm left) throws IOException {
    checks.startable("start");
    if (state == VolumeState.CRASHED) {
      checks.begunAsDeclared("start", left);
      volume.doDiscard();
    }
    if (volume.kind().snapOnStart()) {
      AbstractVolume source = checks.source();
      source
          .sessions()
          .read(
              () -> {
                volume.doStart(Optional.of(source));
                return source;
              });
    } else {
      withWriting(volume.isInPlace(), () -> volume.doStart(Optional.empty()));
    }
  }

  private interface Starting {
    void start() throws IOException;
  }

  private void withWriting(boolean inPlace, Starting starting) throws IOException {
    if (inPlace && !volume.memory().readers().beginWrite()) {
      throw checks.refusal(
          Code.VOLUME_IN_USE,
          "start",
          "its content is being read, and it runs in place",
          "Wait for the clone or export to end");
    }
    try {
      starting.start();
    } catch (Throwable e) {
      volume.memory().readers().endWrite();
      throw e;
    }
  }

  private void end(StopMode mode, Execution.Report report) throws IOException {
    SessionForm form = volume.doSession();
    if (form == SessionForm.NONE) {
      endWithoutContent(mode);
      report.happened(StorageEvent.Type.DISCARDED);
      return;
    }
    checks.unheld("stop");
    if (mode == StopMode.DISCARD && form == SessionForm.IN_PLACE) {
      throw checks.refusal(
          Code.UNSUPPORTED,
          "stop and discard",
          "its VM wrote the only copy in place",
          "Stop it with COMMIT; to be able to discard, keep 0 or more revisions");
    }
    boolean keep = mode == StopMode.COMMIT && form != SessionForm.DROPPED && volume.keepsSessions();
    if (mode == StopMode.COMMIT && !keep) {
      checks.begunAsDeclared("stop", form);
    }
    if (keep || form == SessionForm.IN_PLACE) {
      volume.doCommit(volume.revisionsToKeep());
      report.happened(StorageEvent.Type.COMMITTED);
    } else {
      volume.doDiscard();
      report.happened(StorageEvent.Type.DISCARDED);
    }
  }

  private void endWithoutContent(StopMode mode) {
    if (mode == StopMode.COMMIT) {
      throw checks.refusal(
          Code.IO,
          "stop",
          "it was started, but what its VM wrote is gone: somebody removed the session's image",
          "Find out who did; stop(DISCARD) then gives up the session and keeps the last commit");
    }
  }

  private void remember(boolean started) {
    volume.memory().setStarted(started);
    if (!started) {
      volume.memory().setBegun(false);
    }
    volume.abstractPool().registry().remember(volume);
  }
}

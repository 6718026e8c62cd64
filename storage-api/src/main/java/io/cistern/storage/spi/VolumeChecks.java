package io.cistern.storage.spi;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Capability;
import io.cistern.storage.StorageException;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** What is asked before something is done to a volume; the same for all drivers. */
final class VolumeChecks {
  private final AbstractVolume volume;
  private final Execution execution;

  VolumeChecks(AbstractVolume volume, Execution execution) {
    this.volume = volume;
    this.execution = execution;
  }

  StorageException refusal(Code code, String attempted, String obstacle, String remedy) {
    return execution.refusal(code, attempted, obstacle, remedy);
  }

  /** The pool is there, and no import is running: what every change but an import's end needs. */
  void changeable(String attempted) throws IOException {
    volume.abstractPool().doCheckReady();
    if (volume.memory().isImporting()) {
      throw refusal(
          Code.IMPORT_IN_PROGRESS,
          attempted,
          "an import into it is running",
          "Wait for it, commit or abort it, or cancel its future");
    }
  }

  void writable(String attempted) {
    if (!volume.config().rw()) {
      throw refusal(
          Code.READ_ONLY,
          attempted,
          "it is declared with rw=false",
          "Allow changes with update(VolumeUpdate.rw(true))");
    }
  }

  void saved(String attempted) {
    if (!volume.kind().saveOnStop()) {
      throw refusal(
          Code.UNSUPPORTED,
          attempted,
          "a volume of the kind %s has no committed content".formatted(volume.kind()),
          "Use one with saveOnStop");
    }
  }

  void noSession(String attempted) throws IOException {
    VolumeState state = state();
    if (state != VolumeState.STOPPED) {
      throw refusal(
          Code.VOLUME_DIRTY,
          attempted,
          "it has a session (%s)".formatted(state),
          "Stop it first, with stop() to keep what was written or stop(DISCARD) to drop it");
    }
  }

  void can(Capability capability, String attempted) {
    execution.requireClaimed(capability, attempted);
  }

  VolumeState state() throws IOException {
    long starts = volume.memory().starts();
    boolean starting = volume.memory().isStarting();
    if (volume.memory().isStarted()) {
      return VolumeState.STARTED;
    }
    if (starting || volume.doSession() == SessionForm.NONE) {
      return VolumeState.STOPPED;
    }
    if (volume.doHolder().isPresent()) {
      return VolumeState.STARTED;
    }
    // The session may be one that a start has made meanwhile.
    return volume.memory().starts() == starts ? VolumeState.CRASHED : state();
  }

  /** Nobody keeps what is written to a session that is dropped, whatever is declared by now. */
  BlockDevice device() throws IOException {
    BlockDevice device = volume.doBlockDevice();
    return device.rw() && volume.doSession() == SessionForm.DROPPED
        ? new BlockDevice(device.path(), device.type(), false)
        : device;
  }

  /** Something holds the session: it may not be ended, since late writes would be lost or worse. */
  void unheld(String attempted) throws IOException {
    Optional<String> holder = volume.doHolder();
    if (holder.isPresent()) {
      throw refusal(
          Code.VOLUME_IN_USE,
          attempted,
          "%s holds it open".formatted(holder.get()),
          "Let the VM end, or detach the device, then try again");
    }
  }

  /**
   * What is declared keeps nothing, so a session goes that may have been begun to be kept: by an
   * origin that was declared with {@code rw}, or as another kind, before this process.
   */
  void begunAsDeclared(String attempted, SessionForm form) throws IOException {
    if (volume.keepsSessions() || volume.memory().hasBegun() || !mayBeKept(form)) {
      return;
    }
    String keep = "To keep what was written, open the pool anew, declare it as it was, and stop it";
    throw refusal(
        Code.VOLUME_DIRTY,
        attempted,
        "it has a session that was begun to be kept, and is declared as %s now, which keeps none"
            .formatted(volume.config()),
        form == SessionForm.IN_PLACE ? keep : keep + "; stop(DISCARD) drops it");
  }

  /**
   * Tells whether a start goes on with such a crashed session. Nobody would keep what is written to
   * one that is dropped, so it is not given out.
   */
  boolean isContinued(SessionForm form) {
    return volume.kind().saveOnStop()
        && form != SessionForm.NONE
        && (form != SessionForm.DROPPED || !volume.config().rw());
  }

  /** What runs in place is the only copy. */
  private boolean mayBeKept(SessionForm form) throws IOException {
    return form == SessionForm.IN_PLACE
        || (form == SessionForm.APART
            && (volume.kind().saveOnStop() || volume.doCommittedSize().isPresent()));
  }

  void positive(long size, String attempted) {
    long max = Long.MAX_VALUE / 2;
    if (size <= 0 || size > max) {
      throw refusal(
          Code.INVALID_ARGUMENT,
          attempted,
          "%d bytes is no size (1 to %d)".formatted(size, max),
          "Give the size in bytes");
    }
  }

  /** A volume whose start makes its image is there as long as it is declared. */
  void declaredIfTransient(String attempted) {
    if (!volume.kind().saveOnStop() && !volume.memory().isDeclared()) {
      throw refusal(
          Code.VOLUME_NOT_FOUND,
          attempted,
          "it was removed",
          "Declare it again with Pool.volume(VolumeConfig)");
    }
  }

  StorageException imageMissing(String attempted) {
    return refusal(
        Code.VOLUME_NOT_FOUND,
        attempted,
        volume.describeImage() + " is missing",
        "Create the volume, import into it, or restore the image");
  }

  /** The content that a start would begin with is there. */
  void startable(String attempted) throws IOException {
    declaredIfTransient(attempted);
    if (volume.kind().snapOnStart()) {
      AbstractVolume source = source();
      if (source.doCommittedSize().isEmpty()) {
        throw refusal(
            Code.VOLUME_NOT_FOUND,
            attempted,
            "its source %s has no content: %s is missing"
                .formatted(source.id(), source.describeImage()),
            "Create the source, import into it, or restore its image");
      }
    } else if (volume.kind().saveOnStop() && volume.doCommittedSize().isEmpty()) {
      throw imageMissing(attempted);
    }
  }

  AbstractVolume source() {
    return volume.abstractPool().registry().volume(volume.config().source().orElseThrow().vid());
  }

  OptionalLong sizeAtStart() throws IOException {
    if (volume.kind().snapOnStart()) {
      OptionalLong size = source().doCommittedSize();
      return size.isPresent() ? size : volume.nominalSize();
    }
    return volume.nominalSize();
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.Capability;
import io.cistern.storage.StorageException.Code;
import io.cistern.storage.VolumeKind;
import io.cistern.storage.VolumeState;
import java.io.IOException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The resize of a volume, in each of its states (rules 602 to 605). */
final class ResizeOperation {
  private static final Logger log = LoggerFactory.getLogger(ResizeOperation.class);
  private static final String RESIZE = "resize";

  private final AbstractVolume volume;
  private final VolumeChecks checks;

  ResizeOperation(AbstractVolume volume, VolumeChecks checks) {
    this.volume = volume;
    this.checks = checks;
  }

  void run(long requested, boolean mayShrink) throws IOException {
    checks.positive(requested, RESIZE);
    checks.changeable(RESIZE);
    checks.writable(RESIZE);
    long size = volume.abstractPool().roundUp(requested);
    OptionalLong session = volume.doSessionSize();
    if (session.isPresent() && volume.doSession() == SessionForm.DROPPED) {
      throw checks.refusal(
          Code.VOLUME_DIRTY,
          RESIZE,
          "it has a session that was begun with rw=false, and goes with its size",
          "Stop it first");
    }
    if (session.isPresent()) {
      resizeSession(session.getAsLong(), size, mayShrink);
    } else if (volume.memory().isStarted()) {
      throw checks.refusal(
          Code.IO,
          RESIZE,
          "it is started, but its session's image is gone",
          "Find out who removed it; stop(DISCARD) gives the session up");
    } else {
      resizeStopped(size, mayShrink);
    }
    volume
        .abstractPool()
        .registry()
        .configure(volume, config -> config.toBuilder().size(size).build());
  }

  private void resizeSession(long from, long to, boolean mayShrink) throws IOException {
    if (to < from) {
      checkShrink(from, to, mayShrink);
      boolean started = checks.state() == VolumeState.STARTED;
      throw checks.refusal(
          started ? Code.VOLUME_IN_USE : Code.VOLUME_DIRTY,
          "shrink",
          "it has a session, and a VM that loses the end of its disk would not survive it",
          "Stop it first");
    }
    checks.can(Capability.ONLINE_RESIZE, "resize while it has a session");
    volume.doResizeSession(to);
  }

  private void resizeStopped(long to, boolean mayShrink) throws IOException {
    OptionalLong committed =
        volume.kind().saveOnStop() ? volume.doCommittedSize() : OptionalLong.empty();
    if (committed.isPresent()) {
      resizeCommitted(committed.getAsLong(), to, mayShrink);
    } else if (volume.kind() == VolumeKind.ORIGIN) {
      throw checks.imageMissing(RESIZE);
    } else {
      resizeNominal(to, mayShrink);
    }
  }

  private void resizeCommitted(long from, long to, boolean mayShrink) throws IOException {
    if (to < from) {
      checkShrink(from, to, mayShrink);
      checks.can(Capability.SHRINK, "shrink");
    }
    if (to != from) {
      volume.doResize(to);
    }
  }

  private void resizeNominal(long to, boolean mayShrink) {
    OptionalLong nominal = volume.nominalSize();
    if (nominal.isPresent() && to < nominal.getAsLong()) {
      checkShrink(nominal.getAsLong(), to, mayShrink);
    }
    if (volume.kind().snapOnStart()) {
      log.warn(
          "{}: its size is now nominally {} bytes, but its next start takes the size of its"
              + " source {} all the same; resize that one",
          volume.id(),
          to,
          volume.config().source().orElseThrow());
    }
  }

  private void checkShrink(long from, long to, boolean mayShrink) {
    if (!mayShrink) {
      throw checks.refusal(
          Code.INVALID_ARGUMENT,
          RESIZE,
          "%d bytes are less than the %d it has".formatted(to, from),
          "To lose what lies behind the new end, pass ResizeOption.ALLOW_SHRINK");
    }
  }
}

package io.cistern.storage.spi;

import io.cistern.storage.BlockDevice;
import io.cistern.storage.Revision;
import io.cistern.storage.RevisionId;
import io.cistern.storage.VolumeUsage;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a driver writes for a volume: plain blocking code that does one thing each.
 *
 * <p><b>Threading.</b> The primitives that change something ({@code doCreate} to {@code
 * doAbortImport}) are called one at a time for a volume; those that fill an import run beside
 * questions and exports of the same volume, and nothing else. The others ({@code doSession} to
 * {@code doOutdated}, and {@code doExport}) are called at any time from any thread, also while a
 * change is being made, and answer from what is on disk at that moment.
 *
 * <p><b>Failures.</b> A {@link DriverException} gives code and remedy itself; any other {@link
 * IOException} goes through {@link AbstractPool#explain}. Whatever is thrown before the one durable
 * switch, the volume is as it was; after the switch nothing is thrown any more, but logged at WARN
 * (rules 1001 and 1003). Each primitive that changes something may find leftovers of a dead process
 * and sweeps them (rule 904).
 *
 * <p><b>Sizes</b> that are handed in are multiples of the pool's granule.
 */
public abstract class VolumePrimitives {
  /** Allows subclasses. */
  protected VolumePrimitives() {}

  /**
   * Makes the committed image, which reads as zeros, durably. Called only where there is none.
   *
   * @implSpec Rule 203. What an interrupted earlier call left does not count as an image.
   */
  protected abstract void doCreate(long size) throws IOException;

  /**
   * Makes the session: from the source's committed content if there is a source, else from the
   * volume's own if it has {@code saveOnStop}, else empty and of its nominal size. There is no
   * session yet.
   *
   * @implSpec Rules 301 to 303, 306, 312 and 903: with {@code saveOnStop} the session is durable,
   *     under its name, when this returns; without, nothing is synced. {@code VOLUME_NOT_FOUND} if
   *     the content is missing. If {@link AbstractVolume#isInPlace()}, the VM writes the committed
   *     image, and that it is started is recorded on disk (rule 313).
   */
  protected abstract void doStart(Optional<AbstractVolume> source) throws IOException;

  /**
   * Continues the session that a crash left, of a volume with {@code saveOnStop}: makes its device
   * again where there is one. Does nothing unless overridden.
   */
  protected void doContinue() throws IOException {}

  /**
   * Makes the session's content the committed one, keeps what it replaces as a revision if {@code
   * revisionsToKeep} is at least 1, then removes the oldest revisions beyond that number.
   *
   * @implSpec Rules 307, 401 to 403 and 1003: sync, one durable switch, then prune. In place: sync
   *     and forget that it is started.
   */
  protected abstract void doCommit(int revisionsToKeep) throws IOException;

  /**
   * Drops the session, durably if the volume has {@code saveOnStop}; works on a full pool. In
   * place, called only to undo a start at once: it forgets that the volume is started.
   */
  protected abstract void doDiscard() throws IOException;

  /**
   * Removes everything of the volume, whatever of it there is; there is no session that somebody
   * uses.
   *
   * @implSpec Rule 205: a durable tombstone first, so that a crash midway leaves no volume.
   */
  protected abstract void doRemove() throws IOException;

  /**
   * Changes the size of the committed content, aside and then switched; there is no session.
   *
   * @implSpec Rule 603.
   */
  protected abstract void doResize(long size) throws IOException;

  /**
   * Lets the session grow, with every device on it. Called for the size that it has, too, so that a
   * call that failed midway can be repeated.
   *
   * @implSpec Rule 604; durable if the volume has {@code saveOnStop}.
   */
  protected abstract void doResizeSession(long size) throws IOException;

  /**
   * Makes a revision the content; it is listed by {@link #doRevisions()}.
   *
   * @param keepReplaced whether what it replaces becomes the newest revision
   * @implSpec Rules 402 and 404: one durable step, nothing is pruned.
   */
  protected abstract void doRevert(RevisionId id, boolean keepReplaced) throws IOException;

  /** Removes a revision that is listed; its number is never used again (rule 402). */
  protected abstract void doRemoveRevision(RevisionId id) throws IOException;

  /**
   * Makes the place for new content.
   *
   * @return where to write it; it reads as zeros
   */
  protected abstract Path doBeginImport(long size) throws IOException;

  /**
   * Fills the place that {@link #doBeginImport} gave from a channel. As it stands it writes to the
   * path and leaves zeros out.
   *
   * @implSpec Rule 505: exactly {@code size} bytes, else {@code INVALID_ARGUMENT}.
   */
  protected void doFillImport(
      Path target, ReadableByteChannel channel, long size, CopyProgress progress)
      throws IOException {
    ChannelCopy.copy(channel, target, size, progress);
  }

  /**
   * Begins an import and fills it with another volume's content, as {@link #doBeginImport} and
   * {@link #doFillImport} together. A driver overrides it to share blocks with its own kind of
   * content.
   *
   * @implSpec Rules 506 and 507.
   */
  protected void doImportContent(PinnedContent source, long size, CopyProgress progress)
      throws IOException {
    Path target = doBeginImport(size);
    try (ReadableByteChannel channel = java.nio.file.Files.newByteChannel(source.path())) {
      doFillImport(target, channel, source.size(), progress);
    }
  }

  /**
   * Makes what was imported the committed content; otherwise like {@link #doCommit}. Its size is
   * what the place now has, rounded up to the granule.
   *
   * @implSpec Rule 503. {@code VOLUME_IN_USE} while somebody has the place open for writing.
   */
  protected abstract void doCommitImport(int revisionsToKeep) throws IOException;

  /** Drops what was imported, if there is anything. */
  protected abstract void doAbortImport() throws IOException;

  /** Tells whether there is a session on disk; recorded, not guessed. */
  protected abstract SessionForm doSession() throws IOException;

  /**
   * Names what holds the session's image or device open, if anything does (rules 314 and 315);
   * called where there is a session.
   */
  protected abstract Optional<String> doHolder() throws IOException;

  /** Names the image that holds the committed content, for messages. */
  protected abstract String describeImage();

  /** Returns the size of the committed content; empty if there is none. */
  protected abstract OptionalLong doCommittedSize() throws IOException;

  /** Returns the size of the session's content; empty if there is none. */
  protected abstract OptionalLong doSessionSize() throws IOException;

  /** Lists the revisions, oldest first, without leftovers and foreign objects (rule 406). */
  protected abstract List<Revision> doRevisions() throws IOException;

  /** Returns the space that the volume takes (rule 703). */
  protected abstract VolumeUsage doUsage() throws IOException;

  /** Returns what to attach; called where there is a session. */
  protected abstract BlockDevice doBlockDevice() throws IOException;

  /**
   * Tells whether the source's committed content is another one than that which this started
   * volume's session was made from, by identity and never by time (rule 702).
   */
  protected abstract boolean doOutdated(AbstractVolume source) throws IOException;

  /**
   * Pins the committed content, or that of a revision, under a path that any process may read.
   *
   * @implSpec Rule 508. {@code VOLUME_NOT_FOUND} or {@code NO_SUCH_REVISION} if it is not there.
   */
  protected abstract PinnedContent doExport(Optional<RevisionId> revision) throws IOException;

  /** Pins the committed content for a clone within this process, as cheaply as can be. */
  protected PinnedContent doPin() throws IOException {
    return doExport(Optional.empty());
  }
}

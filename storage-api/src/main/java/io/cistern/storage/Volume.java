package io.cistern.storage;

import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * One virtual disk.
 *
 * <p><b>Order.</b> Operations (what changes something) on one volume take effect one at a time, in
 * the order of the calls, whichever threads make them; those on different volumes run in parallel
 * (rules 801 and 802). Questions ({@link #state}, {@link #size}, {@link #isDirty} and so on) and
 * exports are not queued: they answer from what is on disk at that moment and never wait for a copy
 * (rule 704). An operation that is cancelled before its turn is not carried out; once it runs, only
 * imports and clones can be stopped.
 *
 * <p><b>Durability.</b> When the future of an operation completes, its effect survives a power cut,
 * with the exception of the sessions of volatile volumes and snapshots (their start, growth and
 * end), and of revisions beyond {@code revisionsToKeep}, which may come back until the next commit
 * (rule 903). Each operation is, after a crash, either done or not begun (rule 901).
 *
 * <p><b>Failures.</b> Every failure is a {@link StorageException} in the future, but for an {@link
 * Error}, which passes through, and a cancellation. Besides the codes that each method names,
 * everything can fail with {@code CLOSED}, {@code POOL_NOT_READY}, {@code OUT_OF_SPACE} and {@code
 * IO}.
 *
 * <p>Futures complete on threads of the executor; dependent stages that block had better bring an
 * executor of their own.
 */
public interface Volume {
  /** Returns the name. */
  VolumeId id();

  /** Returns the pool. */
  Pool pool();

  /** Returns the kind. */
  VolumeKind kind();

  /** Returns what it was declared with, as changed by {@link #update} and {@link #resize}. */
  VolumeConfig config();

  /** Tells whether it is started (rule 314). */
  CompletableFuture<VolumeState> state();

  /**
   * Makes the image of an origin: it reads as zeros and has the configured size, rounded up to the
   * pool's granule (rule 203). For kinds whose start makes the image there is nothing to do, and it
   * succeeds. {@code VOLUME_EXISTS} if there is an image; {@code INVALID_ARGUMENT} without a size;
   * {@code IMPORT_IN_PROGRESS}.
   */
  CompletableFuture<Volume> create();

  /** Completes if the volume could start now, else fails with {@code VOLUME_NOT_FOUND}. */
  CompletableFuture<Volume> verify();

  /**
   * Starts the volume: makes, or continues after a crash, the session that the VM writes to (rules
   * 301 to 306), and returns what to attach. On a started one it changes nothing and returns the
   * same. {@code VOLUME_NOT_FOUND} if the content, or that of the source, is missing; {@code
   * VOLUME_IN_USE} if the source is in place and has a session, or if it runs in place itself and
   * its content is being read; {@code IMPORT_IN_PROGRESS}; {@code VOLUME_DIRTY} if that would drop
   * a session that was begun to be kept, under another declaration.
   */
  CompletableFuture<BlockDevice> start();

  /** Stops the volume and commits; the same as {@code stop(StopMode.COMMIT)}. */
  default CompletableFuture<Volume> stop() {
    return stop(StopMode.COMMIT);
  }

  /**
   * Ends the session. {@code COMMIT} makes it the content if the volume has {@code saveOnStop} and
   * {@code rw}; what it replaces becomes a revision, then the oldest revisions beyond {@code
   * revisionsToKeep} go (rules 307 and 401 to 403). {@code DISCARD} drops it. On a volume that is
   * not started it changes nothing and succeeds. {@code VOLUME_IN_USE} while anything holds the
   * image or the device; {@code UNSUPPORTED} to discard what was written in place, or what an
   * earlier stop has committed but for a sync that failed; {@code IO} if what the VM wrote is gone;
   * {@code VOLUME_DIRTY} to {@code COMMIT} a session that was begun to be kept if the volume is
   * declared by now as one that keeps nothing.
   */
  CompletableFuture<Volume> stop(StopMode mode);

  /**
   * Removes the volume with its revisions, and its declaration (rule 205). To remove what is not
   * there succeeds. {@code VOLUME_DIRTY} with an uncommitted session; {@code VOLUME_IN_USE} if it
   * is started or is the source of another declared volume; {@code IMPORT_IN_PROGRESS}.
   */
  CompletableFuture<Void> remove();

  /**
   * Changes the size, which is rounded up to the pool's granule (rules 602 to 605). Grown space
   * reads as zeros. A started volume's device follows at once, its committed content at {@code
   * stop}. {@code READ_ONLY}; {@code INVALID_ARGUMENT} for a size of 0 or less or to shrink without
   * {@link ResizeOption#ALLOW_SHRINK}; {@code VOLUME_IN_USE} to shrink a started one, {@code
   * VOLUME_DIRTY} one whose session a crash has left; {@code VOLUME_NOT_FOUND} without an image;
   * {@code UNSUPPORTED}; {@code IMPORT_IN_PROGRESS}.
   */
  CompletableFuture<Volume> resize(long size, ResizeOption... options);

  /** Reverts to the newest revision. */
  CompletableFuture<Volume> revert();

  /**
   * Makes a revision the content again; it is no longer listed, and what it replaces becomes the
   * newest revision, if any are kept (rules 404 and 405). {@code NO_SUCH_REVISION}; {@code
   * READ_ONLY}; {@code VOLUME_DIRTY} with a session; {@code UNSUPPORTED}; {@code
   * IMPORT_IN_PROGRESS}.
   */
  CompletableFuture<Volume> revert(RevisionId id);

  /** Lists the revisions, oldest first. */
  CompletableFuture<List<Revision>> revisions();

  /**
   * Removes a revision now; its number is never used again. {@code NO_SUCH_REVISION}; {@code
   * IMPORT_IN_PROGRESS}.
   */
  CompletableFuture<Volume> removeRevision(RevisionId id);

  /**
   * Begins an import: new content is written aside and becomes the content by {@link
   * VolumeImport#commit()} (rules 501 to 504). A volume that has no image gets one that way. {@code
   * UNSUPPORTED} without {@code saveOnStop}; {@code READ_ONLY}; {@code VOLUME_DIRTY} with a
   * session; {@code IMPORT_IN_PROGRESS}; {@code INVALID_ARGUMENT}.
   *
   * @param size the size of the new content in bytes, greater than 0
   */
  CompletableFuture<VolumeImport> importData(long size);

  /**
   * Imports exactly {@code size} bytes from a channel (rule 505). Fewer or more than that fail with
   * {@code INVALID_ARGUMENT}; otherwise the codes are those of {@link #importData}. The caller
   * closes the channel, except that cancelling the future closes it too, since nothing else ends a
   * read that blocks. A caller that completes the future itself, as {@code orTimeout} does, cancels
   * the import by that.
   */
  CompletableFuture<Volume> importFrom(ReadableByteChannel channel, long size, Transfer transfer);

  /** Imports from a channel and tells nobody how far it has come. */
  default CompletableFuture<Volume> importFrom(ReadableByteChannel channel, long size) {
    return importFrom(channel, size, Transfer.silent());
  }

  /**
   * Takes the committed content of another volume, of this or any other open pool (rules 506 and
   * 507): the clone. Into a volume without {@code saveOnStop} it does nothing and succeeds. {@code
   * UNSUPPORTED} if the source has no {@code saveOnStop}; {@code VOLUME_NOT_FOUND} if it has no
   * content; otherwise the codes are those of {@link #importData}.
   */
  CompletableFuture<Volume> importVolume(Volume source, Transfer transfer);

  /** Takes the content of another volume and tells nobody how far it has come. */
  default CompletableFuture<Volume> importVolume(Volume source) {
    return importVolume(source, Transfer.silent());
  }

  /**
   * Opens the committed content for reading (rule 508). {@code UNSUPPORTED} without {@code
   * saveOnStop}; {@code VOLUME_NOT_FOUND}; {@code VOLUME_IN_USE} if it is in place and started.
   */
  CompletableFuture<VolumeExport> export();

  /**
   * Opens a revision for reading, whatever session there is. {@code UNSUPPORTED} without {@code
   * saveOnStop}; {@code NO_SUCH_REVISION}.
   */
  CompletableFuture<VolumeExport> export(RevisionId id);

  /**
   * Returns the size in bytes of the image there is: dirty, else clean, else the source's, else the
   * nominal one; empty if there is none of these (rule 601).
   */
  CompletableFuture<OptionalLong> size();

  /** Returns the space that it takes. */
  CompletableFuture<VolumeUsage> usage();

  /** Tells whether there is an uncommitted session; always false without {@code saveOnStop}. */
  CompletableFuture<Boolean> isDirty();

  /**
   * Tells whether it is started with a content that its source has since left behind (rule 702).
   * {@code UNSUPPORTED} without {@link Capability#OUTDATED_CHECK}.
   */
  CompletableFuture<Boolean> isOutdated();

  /**
   * Changes settings. {@code VOLUME_DIRTY} to change {@code rw}, or to cross to or from -1
   * revisions, while there is a session (rule 313); {@code INVALID_ARGUMENT}, {@code UNSUPPORTED}
   * for what the volume or the pool can't do; {@code IMPORT_IN_PROGRESS}.
   */
  CompletableFuture<Volume> update(VolumeUpdate update);

  /** Returns what to attach of a started volume. {@code VOLUME_NOT_FOUND} if it is not started. */
  CompletableFuture<BlockDevice> blockDevice();

  /** Returns all that a UI shows of the volume. */
  CompletableFuture<VolumeInfo> info();
}

package io.cistern.storage;

import java.time.Duration;
import java.util.Optional;

/**
 * Something that was done, or failed, for metrics and UIs.
 *
 * @param type what it was
 * @param pool the pool's name
 * @param volume which volume, unless it was about the pool
 * @param duration how long it took from its turn on, waiting for its turn not included
 * @param failure why it failed; empty if it succeeded
 */
public record StorageEvent(
    Type type,
    String pool,
    Optional<VolumeId> volume,
    Duration duration,
    Optional<StorageException> failure) {

  /** The kinds of event. */
  public enum Type {
    /** A pool was opened. */
    POOL_OPENED,
    /** A pool was set up. */
    POOL_SET_UP,
    /** A pool was destroyed. */
    POOL_DESTROYED,
    /** A pool was closed. */
    POOL_CLOSED,
    /**
     * A pool has become fuller than 80, 90 or 95 percent, of its data or of its metadata. Told by
     * {@code lvm_thin} alone, when an operation or a question ({@link Pool#usage}) looks: nothing
     * looks by itself at what running VMs write.
     */
    POOL_FILLING,
    /** A volume was created. */
    CREATED,
    /** A volume was started; not reported if it was started already. */
    STARTED,
    /** A session was committed. */
    COMMITTED,
    /** A session was dropped. */
    DISCARDED,
    /** A volume was removed. */
    REMOVED,
    /** A volume was resized. */
    RESIZED,
    /** A revision became the content again. */
    REVERTED,
    /** A revision was removed on demand. */
    REVISION_REMOVED,
    /** A commit kept no revision, though it should have: the old content was lost meanwhile. */
    REVISION_LOST,
    /** An import, from data or from another volume, became the content. */
    IMPORTED,
    /** An import was dropped. */
    IMPORT_ABORTED,
    /** An export was opened. */
    EXPORTED,
    /** A volume's settings were changed. */
    UPDATED
  }
}

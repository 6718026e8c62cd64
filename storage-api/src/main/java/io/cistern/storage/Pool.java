package io.cistern.storage;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A place that holds volumes: a directory, a thin pool.
 *
 * <p>A pool is opened with {@link Storage#open}. It may be open while its place is absent (not
 * mounted yet): then {@link #usage()} is empty, and what needs the place is refused with {@code
 * POOL_NOT_READY}.
 *
 * <p>No method blocks, and none runs on the caller's thread but those that only read memory.
 */
public interface Pool {
  /** Returns what the pool is called. */
  String name();

  /** Returns the name of the driver. */
  String driver();

  /** Returns what the pool was opened with. */
  PoolConfig config();

  /**
   * Returns what the pool can do. Qualities that depend on the place are known, and claimed, once
   * the place has been seen by {@link Storage#open} or {@link #setup()}.
   */
  Set<Capability> capabilities();

  /**
   * Makes the place ready, once in the life of a pool; on one that is ready, changes nothing. It
   * proves on the real place that what the driver needs works (rule 102). An existing tree of the
   * driver's naming is adopted. If it fails, what it made is gone again. {@code UNSUPPORTED} for a
   * place that can't give what was configured.
   */
  CompletableFuture<Void> setup();

  /**
   * Undoes {@link #setup()}: removes what that made and nothing else. Refused with {@code
   * VOLUME_EXISTS} while there are volumes (rule 111), and with {@code VOLUME_IN_USE} while an
   * import or an export is open. The pool stays open, and can be set up again.
   */
  CompletableFuture<Void> destroy();

  /**
   * Closes the pool and forgets it; its volumes, and the sessions of started ones, stay as they are
   * on disk. Operations that run are let end; imports that were not committed are aborted, exports
   * are closed. Afterwards every call is refused with {@code CLOSED} (rule 108). Closing twice does
   * nothing.
   */
  CompletableFuture<Void> close();

  /**
   * Declares a volume. Nothing on disk changes or is looked at. A volume that is declared already
   * is returned as it is: settings are changed by {@link Volume#update}, the size by {@link
   * Volume#resize}.
   *
   * @throws StorageException {@code INVALID_ARGUMENT} for a vid that the driver can't hold, a
   *     source in another pool or of which it is itself a source, or a declaration that contradicts
   *     the one there is; {@code VOLUME_DIRTY} for a volume that this process has started, or
   *     imports into, and that would end otherwise as declared; {@code UNSUPPORTED} for what the
   *     pool can't do; {@code CLOSED}
   */
  Volume volume(VolumeConfig config);

  /**
   * Finds a volume that is declared or on disk. One that is on disk but not declared is an {@link
   * VolumeKind#ORIGIN} with the pool's defaults; declaring it later changes that.
   *
   * @param vid the name within the pool
   */
  CompletableFuture<Optional<Volume>> find(String vid);

  /** Finds a volume as {@link #find(String)} does; one of another pool is never found. */
  default CompletableFuture<Optional<Volume>> find(VolumeId id) {
    return id.pool().equals(name())
        ? find(id.vid())
        : CompletableFuture.completedFuture(Optional.empty());
  }

  /** Lists every volume that is on disk or declared, by vid, and nothing else (rule 109). */
  CompletableFuture<List<Volume>> volumes();

  /** Returns how full the pool is; empty, never a failure, where its place is absent (rule 104). */
  CompletableFuture<PoolUsage> usage();

  /**
   * Answers which of these pools physically contains this one, as well as can be told: by directory
   * (symbolic links resolved, whole components compared, the deepest wins, a separate mount is not
   * inside), else by device. Never itself (rule 105).
   */
  CompletableFuture<Optional<Pool>> includedIn(Collection<? extends Pool> candidates);

  /** Returns all that a UI shows of the pool. */
  CompletableFuture<PoolInfo> info();
}

package io.cistern.storage;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * New content that is written aside: open {@link #path()}, write, close it, then {@link #commit()}.
 * Until then the volume is what it was. Closing an import that was not committed aborts it, and so
 * does closing the pool.
 */
public interface VolumeImport extends AutoCloseable {
  /** Returns where to write the content; it reads as zeros at first. */
  Path path();

  /** Returns the size in bytes that was asked for, rounded up to the pool's granule. */
  long size();

  /**
   * Makes what was written the content of the volume, in one durable step; what it replaces becomes
   * a revision (rule 503). Refused with {@code VOLUME_IN_USE} while somebody still has the path
   * open, and with {@code POOL_NOT_READY}: the import then goes on and can be committed later. Any
   * other failure ends the import and leaves the volume as it was; or, if only the last sync of it
   * failed, which the message says, with the new content. An import that has ended is refused with
   * {@code CLOSED}.
   */
  CompletableFuture<Volume> commit();

  /** Drops what was written; of an import that has ended, does nothing. */
  CompletableFuture<Void> abort();

  /** Aborts unless it was committed. Blocks until that is done. */
  @Override
  void close();

  /** Aborts unless it was committed, without blocking. */
  CompletableFuture<Void> closeAsync();
}

package io.cistern.storage;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A readable path to committed content, which gives the same bytes until it is closed, whatever
 * happens to the volume meanwhile (rule 508). Closing the pool closes it.
 */
public interface VolumeExport extends AutoCloseable {
  /** Returns where the content can be read, by any process that may read the pool. */
  Path path();

  /** Returns the size of the content in bytes. */
  long size();

  /** Lets the content go. Blocks until it has; closing twice does nothing. */
  @Override
  void close();

  /** Lets the content go, without blocking. */
  CompletableFuture<Void> closeAsync();
}

package io.cistern.storage.spi;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Committed content that stays as it is until it is closed: what an export hands out, and what a
 * clone reads from. A driver subclasses it to carry more (an open descriptor, a snapshot's name)
 * and to recognise its own when it clones.
 */
public interface PinnedContent extends AutoCloseable {
  /** Returns where it can be read: by any process for an export, else at least by this one. */
  Path path();

  /** Returns the size in bytes. */
  long size();

  /** Lets it go. Blocking. */
  @Override
  void close() throws IOException;
}

package io.cistern.storage.spi;

import java.io.IOException;

/**
 * Committed content of a source for as long as a clone reads it.
 *
 * @param content the content
 * @param release what has to be done once it is let go
 */
record Pin(PinnedContent content, Runnable release) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    try {
      content.close();
    } finally {
      release.run();
    }
  }
}

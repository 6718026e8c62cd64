package io.cistern.storage.spi;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The imports and exports that a pool has handed out and not got back. */
final class OpenHandles {
  private static final Logger log = LoggerFactory.getLogger(OpenHandles.class);

  /** Something handed out. */
  interface Handle {
    /** Ends it for good, if it has not ended. Blocking. */
    void end() throws IOException;

    /** Ends it, on a thread of the executor. */
    CompletableFuture<Void> closeAsync();
  }

  private final Set<Handle> open = ConcurrentHashMap.newKeySet();

  <H extends Handle> H opened(H handle) {
    open.add(handle);
    return handle;
  }

  void closed(Handle handle) {
    open.remove(handle);
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  @Override
  public String toString() {
    return open.toString();
  }

  void closeAll() {
    for (Handle handle : open) {
      try {
        handle.end();
      } catch (Throwable e) {
        log.warn("{} could not be ended; what is left of it is swept later", handle, e);
      }
    }
    open.clear();
  }
}

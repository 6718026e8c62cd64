package io.cistern.storage.spi;

import io.cistern.storage.VolumeConfig;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a process remembers of a volume. All else is on disk, and is asked there: so a stale
 * configuration, a crash or an operator can't make the two disagree.
 */
final class VolumeMemory {
  private volatile VolumeConfig config;
  private volatile boolean declared;
  private volatile boolean started;
  private volatile boolean beginning;
  private volatile boolean starting;
  private volatile boolean begun;
  private final AtomicLong starts = new AtomicLong();
  private volatile boolean importing;
  private volatile boolean updated;
  private final ContentReaders readers = new ContentReaders();

  VolumeMemory(VolumeConfig config) {
    this.config = config;
  }

  VolumeConfig config() {
    return config;
  }

  void configure(VolumeConfig value) {
    config = value;
  }

  /** Whether the embedder declared the volume, and has not removed it since. */
  boolean isDeclared() {
    return declared;
  }

  void setDeclared(boolean value) {
    declared = value;
  }

  /** Whether this process started the volume, and has not stopped it since. */
  boolean isStarted() {
    return started;
  }

  void setStarted(boolean value) {
    started = value;
  }

  /** Whether this process began the session that there is, as the volume is configured now. */
  boolean hasBegun() {
    return begun;
  }

  void setBegun(boolean value) {
    begun = value;
  }

  /** To be called by the registry alone, so that a declaration comes before it or after it. */
  void setBeginning(boolean value) {
    beginning = value;
  }

  /** Whether a start is making a session, which is not to be taken for one that a crash left. */
  boolean isStarting() {
    return starting;
  }

  void setStarting(boolean value) {
    if (value) {
      starts.incrementAndGet();
    }
    starting = value;
  }

  /** Returns how many starts have begun to make a session. */
  long starts() {
    return starts.get();
  }

  /** Whether this process is importing into the volume. */
  boolean isImporting() {
    return importing;
  }

  void setImporting(boolean value) {
    importing = value;
  }

  /** Whether settings were changed that a volume that is only found on disk would not have. */
  void setUpdated(boolean value) {
    updated = value;
  }

  ContentReaders readers() {
    return readers;
  }

  /** Whether something goes on that the kind and the settings of the volume decide about. */
  boolean isBusy() {
    return started || beginning || importing;
  }

  /** Whether forgetting the object would lose something. */
  boolean isNeeded() {
    return declared || started || importing || updated;
  }
}

package io.cistern.storage;

/** What becomes of a session's content at {@link Volume#stop(StopMode)}. */
public enum StopMode {
  /** It becomes the committed content, if the volume has {@code saveOnStop}. */
  COMMIT,
  /** It is dropped; the content is the last committed one. */
  DISCARD
}

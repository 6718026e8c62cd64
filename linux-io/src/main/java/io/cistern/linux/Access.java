package io.cistern.linux;

/** What a file is opened for. */
public enum Access {
  /** Reading only. */
  READ,
  /** Reading and writing. */
  READ_WRITE
}
